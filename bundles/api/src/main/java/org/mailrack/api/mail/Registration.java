package org.mailrack.api.mail;

/** Undoes a registration when closed; closing again does nothing. */
@FunctionalInterface
public interface Registration extends AutoCloseable {

    @Override
    void close();
}
