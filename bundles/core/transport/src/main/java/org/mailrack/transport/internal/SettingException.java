package org.mailrack.transport.internal;

/** A setting cannot be used; the message is one line that names it. */
final class SettingException extends Exception {

    private static final long serialVersionUID = 1L;

    SettingException(String message) {
        super(message);
    }
}
