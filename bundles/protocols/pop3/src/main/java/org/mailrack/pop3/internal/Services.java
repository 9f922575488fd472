package org.mailrack.pop3.internal;

import java.util.concurrent.Executor;

import org.mailrack.api.directory.Authenticator;
import org.mailrack.api.directory.Directory;
import org.mailrack.api.mailbox.Mailboxes;

/** What sessions share. The executor is where passwords are checked, so that no thread of the transport waits for a hash. */
record Services(
        Directory directory,
        Authenticator authenticator,
        Mailboxes mailboxes,
        MaildropLocks locks,
        Executor logins,
        Settings settings) {}
