package org.mailrack.itests.crash;

import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/**
 * A change of an account's mailboxes that a client asks for. One answered OK is applied to what is expected; one without an
 * answer is in doubt until somebody looks.
 */
sealed interface Change {

    /** The mailbox that is named first. */
    String folder();

    /** The names that no mailbox has any more when it has happened. */
    default Set<String> takesAway() {
        return Set.of();
    }

    /** Whether the mailboxes look as if it had happened, when nobody knows. */
    boolean happened(ExpectedAccount expected, Actual actual);

    /** Changes what is expected; the UIDs are those of the messages that it made, in order. */
    void apply(ExpectedAccount expected, List<Long> made, Consumer<String> problem);

    /** How many messages it makes. */
    default int makes() {
        return 0;
    }

    /** The UIDs of the messages that it made, when nobody was told. */
    default List<Long> made(ExpectedAccount expected, Actual actual) {
        return List.of();
    }

    /** APPEND of one or more messages. */
    record Append(String folder, List<LoadMail> mails, Set<String> flags) implements Change {

        @Override
        public boolean happened(ExpectedAccount expected, Actual actual) {
            return !made(expected, actual).isEmpty();
        }

        @Override
        public int makes() {
            return mails.size();
        }

        @Override
        public List<Long> made(ExpectedAccount expected, Actual actual) {
            return strangers(
                    expected,
                    actual,
                    folder,
                    mails.stream().map(LoadMail::token).toList());
        }

        @Override
        public void apply(ExpectedAccount expected, List<Long> made, Consumer<String> problem) {
            for (int i = 0; i < mails.size(); i++) {
                expected.folders()
                        .get(folder)
                        .place(made.get(i), new ExpectedFolder.Message(mails.get(i), flags), problem);
            }
        }
    }

    /** UID COPY, or UID MOVE. */
    record Transfer(String folder, List<Long> uids, String to, boolean move) implements Change {

        @Override
        public boolean happened(ExpectedAccount expected, Actual actual) {
            return move
                    ? !actual.folders().get(folder).messages().containsKey(uids.get(0))
                    : !made(expected, actual).isEmpty();
        }

        @Override
        public int makes() {
            return uids.size();
        }

        @Override
        public List<Long> made(ExpectedAccount expected, Actual actual) {
            ExpectedFolder source = expected.folders().get(folder);
            return strangers(
                    expected,
                    actual,
                    to,
                    uids.stream()
                            .map(uid -> source.messages().get(uid).mail().token())
                            .toList());
        }

        @Override
        public void apply(ExpectedAccount expected, List<Long> made, Consumer<String> problem) {
            ExpectedFolder source = expected.folders().get(folder);
            ExpectedFolder target = expected.folders().get(to);
            for (int i = 0; i < uids.size(); i++) {
                target.place(made.get(i), source.messages().get(uids.get(i)), problem);
            }
            if (move) {
                source.messages().keySet().removeAll(uids);
            }
        }
    }

    /** UID STORE with + or -. */
    record Flags(String folder, List<Long> uids, boolean add, Set<String> flags) implements Change {

        @Override
        public boolean happened(ExpectedAccount expected, Actual actual) {
            for (long uid : uids) {
                ExpectedFolder.Message before =
                        expected.folders().get(folder).messages().get(uid);
                ExpectedFolder.Message after = before.with(flags, add);
                if (!after.equals(before)) {
                    Actual.Message now = actual.folders().get(folder).messages().get(uid);
                    return now != null && now.flags().equals(after.flags());
                }
            }
            return true;
        }

        @Override
        public void apply(ExpectedAccount expected, List<Long> made, Consumer<String> problem) {
            uids.forEach(uid -> expected.folders()
                    .get(folder)
                    .messages()
                    .computeIfPresent(uid, (same, message) -> message.with(flags, add)));
        }
    }

    /** UID EXPUNGE of messages that have the flag for it. */
    record Expunge(String folder, List<Long> uids) implements Change {

        @Override
        public boolean happened(ExpectedAccount expected, Actual actual) {
            return !actual.folders().get(folder).messages().containsKey(uids.get(0));
        }

        @Override
        public void apply(ExpectedAccount expected, List<Long> made, Consumer<String> problem) {
            expected.folders().get(folder).messages().keySet().removeAll(uids);
        }
    }

    /** CREATE. */
    record Create(String folder) implements Change {

        @Override
        public boolean happened(ExpectedAccount expected, Actual actual) {
            return actual.folders().containsKey(folder);
        }

        @Override
        public void apply(ExpectedAccount expected, List<Long> made, Consumer<String> problem) {
            expected.folders().put(folder, new ExpectedFolder());
        }
    }

    /** DELETE of a mailbox with what is in it. */
    record Delete(String folder) implements Change {

        @Override
        public Set<String> takesAway() {
            return Set.of(folder);
        }

        @Override
        public boolean happened(ExpectedAccount expected, Actual actual) {
            return !actual.folders().containsKey(folder);
        }

        @Override
        public void apply(ExpectedAccount expected, List<Long> made, Consumer<String> problem) {
            expected.folders().remove(folder);
        }
    }

    /** RENAME. */
    record Rename(String folder, String name) implements Change {

        @Override
        public Set<String> takesAway() {
            return Set.of(folder);
        }

        @Override
        public boolean happened(ExpectedAccount expected, Actual actual) {
            return actual.folders().containsKey(name);
        }

        @Override
        public void apply(ExpectedAccount expected, List<Long> made, Consumer<String> problem) {
            expected.folders().put(name, expected.folders().remove(folder));
        }
    }

    /** The UIDs of those mails, in that order, that nobody expects in the folder; others are left out. */
    private static List<Long> strangers(ExpectedAccount expected, Actual actual, String folder, List<String> tokens) {
        Actual.Folder now = actual.folders().get(folder);
        List<Long> uids = expected.folders().get(folder).strangers(now).stream()
                .filter(uid -> tokens.contains(now.messages().get(uid).token()))
                .toList();
        List<String> found =
                uids.stream().map(uid -> now.messages().get(uid).token()).toList();
        return found.equals(tokens) ? uids : uids.subList(0, Math.min(uids.size(), tokens.size() - 1));
    }
}
