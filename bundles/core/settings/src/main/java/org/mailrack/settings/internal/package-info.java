/**
 * Reads {@code etc/*.cfg} into the container's configuration.
 *
 * <p>FileInstall watches the folder; its own reader takes a value such as {@code [external]} for a typed array and fails on it, so
 * this bundle, which ranks higher, reads the files: plain Java properties in UTF-8, every value a text.
 *
 * <p>Guards against: a file that is not UTF-8, has a broken escape, or is too large, or, while the server runs, has a value of
 * the wrong kind; the values in force then stay. Limit: 1 MiB
 * a file.
 */
package org.mailrack.settings.internal;
