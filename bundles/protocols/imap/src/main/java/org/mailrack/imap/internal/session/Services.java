package org.mailrack.imap.internal.session;

import java.util.concurrent.Executor;

import org.mailrack.api.directory.Authenticator;
import org.mailrack.api.mailbox.Mailboxes;

/**
 * What sessions share.
 *
 * @param hostname the server's name in the greeting
 * @param searches where messages are searched that must be read for it
 * @param logins where passwords are hashed
 */
public record Services(
        Mailboxes mailboxes,
        Authenticator authenticator,
        String hostname,
        Registry registry,
        Executor searches,
        Executor logins) {}
