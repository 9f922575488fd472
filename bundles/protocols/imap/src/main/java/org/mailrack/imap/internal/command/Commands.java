package org.mailrack.imap.internal.command;

import java.util.List;

import org.mailrack.imap.internal.session.Command;
import org.mailrack.imap.internal.session.Registry;

/** The commands that this bundle brings. */
public final class Commands {

    private Commands() {}

    /** All of them, in the order in which CAPABILITY tells what they bring. */
    public static Registry all() {
        return new Registry(List.<Command>of(
                new Capability(),
                new Noop(),
                new Logout(),
                new StartTls(),
                new Authenticate(),
                new Login(),
                new Id(),
                new Enable(),
                new Select(),
                new Examine(),
                new Create(),
                new Delete(),
                new Rename(),
                new Subscribe(),
                new Unsubscribe(),
                new ListMailboxes(),
                new Lsub(),
                new Namespace(),
                new Status(),
                new Append(),
                new Idle(),
                new Check(),
                new Close(),
                new Unselect(),
                new Expunge(),
                new Search(),
                new Fetch(),
                new Store(),
                new Copy(),
                new Move(),
                new Uid()));
    }
}
