/**
 * The launcher: makes instance folders, runs the framework in one, and carries commands to a running one.
 *
 * <p>Linked with the framework alone. It knows none of the server's rooms: that the endpoints accept is read from the properties
 * of the services that the transport registers, what stands in the way from the shell's diagnosis, and a command that is not the
 * launcher's own is sent to the running server as it is.
 *
 * <p>Limits: one server per instance folder, held by a file lock, so that a recycled process id is never taken for a server. A
 * start is bounded by {@code start.timeout}, a stop by {@code stop.timeout} in {@code etc/mailrack.cfg}.
 */
package org.mailrack.launcher;
