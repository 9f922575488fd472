package org.mailrack.shell.internal;

/**
 * Something that does not work.
 *
 * @param subject what: a bundle, a component, a settings file
 * @param problem why, in one line
 */
record Problem(String subject, String problem) {

    String line() {
        return subject + ": " + problem;
    }
}
