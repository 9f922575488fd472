/**
 * The operator's commands, over a local socket that only the owner can open.
 *
 * <p>A command is any Gogo function that a bundle registers as a service ({@code osgi.command.scope},
 * {@code osgi.command.function}); the scope {@code mailrack} is looked into first. It gets the client's words as they are, which no
 * shell language reads again, and runs with the client's streams. What it returns is shown: rows as a table or, with
 * {@code --json}, as a JSON array (RFC 8259), text as a line. An {@link IllegalArgumentException} is a sentence for the operator.
 *
 * <p>Guards against: other users (the socket lies in a folder that is the owner's alone), clients that send nonsense, stall or
 * leave (a command ends with its client), and control characters from strangers in a terminal.
 *
 * <p>Limits: 16 clients at a time, frames of 64 KiB, 1,024 words of together 1 MiB, ten seconds until a client has said what it
 * wants.
 */
package org.mailrack.shell.internal;
