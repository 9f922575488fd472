package org.mailrack.mailbox.internal;

import java.util.ArrayList;
import java.util.List;

import org.mailrack.api.mailbox.MimePart;

/** What must be so of every structure, however broken the message. */
final class MimeParts {

    private MimeParts() {}

    /** What is not so. */
    static List<String> broken(MimePart root, long size) {
        List<String> broken = new ArrayList<>();
        if (root.headerStart() != 0 || root.end() != size || root.envelope().isEmpty()) {
            broken.add("the root is not the whole message");
        }
        check(root, broken);
        return broken;
    }

    private static void check(MimePart part, List<String> broken) {
        if (part.headerStart() < 0 || part.bodyStart() < part.headerStart() || part.end() < part.bodyStart()) {
            broken.add("header, body and end are out of order");
        }
        if (part.lines() < 0 || part.lines() > part.size()) {
            broken.add("more lines than octets");
        }
        if (part.isMultipart() == part.children().isEmpty()) {
            if (part.isMultipart() || !part.isMessage()) {
                broken.add("parts in what is no multipart, or none in one");
            }
        }
        long last = part.bodyStart();
        for (MimePart child : part.children()) {
            if (child.headerStart() < last || child.end() > part.end()) {
                broken.add("a part is not inside the one around it, after the one before it");
            }
            if (child.envelope().isPresent() != part.isMessage()) {
                broken.add("an envelope at the wrong place");
            }
            last = child.end();
            check(child, broken);
        }
        if (part.isMessage() && part.children().size() != 1) {
            broken.add("not one message in a message part");
        }
    }
}
