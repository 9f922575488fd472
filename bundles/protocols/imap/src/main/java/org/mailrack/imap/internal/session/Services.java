package org.mailrack.imap.internal.session;

import java.util.concurrent.Executor;

import org.mailrack.api.directory.Authenticator;
import org.mailrack.api.mailbox.Mailboxes;

/**
 * What sessions share.
 *
 * @param hostname the server's name in the greeting
 * @param background where long work is done, such as a search in bodies
 */
public record Services(
        Mailboxes mailboxes, Authenticator authenticator, String hostname, Registry registry, Executor background) {}
