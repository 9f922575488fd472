/**
 * Takes a backup of an instance while mail flows, as the command {@code backup}.
 *
 * <p>A backup is a folder: {@code etc}, {@code deploy} and {@code data} as an instance has them, without what every start makes anew,
 * and {@code MANIFEST}, which has the SHA-256 and size of each file and is written last. The launcher restores it, without any bundle.
 * Lines of the manifest: {@code mailrack-backup 1}; {@code made} and a time; for each file its sum, its size and its path, separated by
 * spaces, a backslash or a control character in the path as {@code \\} and {@code \\uXXXX}; {@code end} and the sum of all lines before.
 *
 * <p>Guards against: a backup that ended half way (it has another name and no manifest), one without a part that matters, files that
 * change meanwhile (those that are more than settings are copied by the bundle whose they are).
 */
package org.mailrack.backup.internal;
