package org.mailrack.imap.internal.session;

import java.time.Duration;

/**
 * Every limit of a session; the settings say what each one is for.
 *
 * @param line octets of a command without its literals
 * @param lineBeforeLogin the same before authentication
 * @param literals octets of all literals of a command, the message of APPEND apart
 * @param literalsBeforeLogin the same before authentication
 * @param append octets of an appended message
 * @param appends messages of one APPEND
 * @param sequenceElements elements of a sequence set
 * @param searchDepth how deep search keys nest
 * @param arguments elements of any other list: search keys, fetch items, header names, flags
 * @param header octets of a message header in which single fields are looked for
 * @param badCommands wrong commands in a row
 * @param badCommandsBeforeLogin the same before authentication
 * @param loginFailures refused logins
 * @param loginTimeout how long without input before authentication
 * @param idleTimeout how long without input after it
 * @param keepalive after how long IDLE shows that the server is there
 */
public record Limits(
        int line,
        int lineBeforeLogin,
        int literals,
        int literalsBeforeLogin,
        long append,
        int appends,
        int sequenceElements,
        int searchDepth,
        int arguments,
        int header,
        int badCommands,
        int badCommandsBeforeLogin,
        int loginFailures,
        Duration loginTimeout,
        Duration idleTimeout,
        Duration keepalive) {}
