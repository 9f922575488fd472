package org.mailrack.spool.internal;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToIntFunction;

import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

import org.mailrack.api.mail.MailAddress;
import org.mailrack.api.mail.MailId;
import org.mailrack.api.spool.RecipientState;
import org.mailrack.api.spool.Spool;
import org.mailrack.api.spool.SpooledMail;

/** The command {@code queue}: shows the queue and changes what waits in it. */
@Component(
        service = QueueCommand.class,
        property = {
            "osgi.command.scope=mailrack",
            "osgi.command.function=queue",
            "mailrack.command.help=mail that waits: list, show, retry, hold, release, remove"
        })
public final class QueueCommand {

    private static final String USAGE = "usage: queue list | queue show ID | queue retry|hold|release|remove ID...|all";
    private static final int PAGE = 1000;
    private static final int MAX_ROWS = 100_000;

    private final Spool spool;

    @Activate
    public QueueCommand(@Reference Spool spool) {
        this.spool = spool;
    }

    /** The command. Returns rows for listings, a sentence for changes. */
    public Object queue(String... args) {
        String verb = args.length == 0 ? "list" : args[0];
        List<String> rest = Arrays.asList(args).subList(Math.min(1, args.length), args.length);
        return switch (verb) {
            case "list" -> {
                if (!rest.isEmpty()) {
                    throw new IllegalArgumentException(USAGE);
                }
                yield list();
            }
            case "show" -> show(rest);
            case "retry" -> change(rest, spool::retryNow, "to be tried now");
            case "release" -> change(rest, spool::retryNow, "released");
            case "hold" -> change(rest, ids -> spool.hold(ids, "held by the operator"), "held");
            case "remove" -> change(rest, spool::remove, "removed");
            default -> throw new IllegalArgumentException(USAGE);
        };
    }

    private List<Map<String, Object>> list() {
        List<Map<String, Object>> rows = new ArrayList<>();
        Optional<MailId> after = Optional.empty();
        for (List<SpooledMail> page = spool.list(after, PAGE);
                !page.isEmpty() && rows.size() < MAX_ROWS;
                page = spool.list(after, PAGE)) {
            page.forEach(mail -> rows.add(row(mail)));
            after = Optional.of(page.get(page.size() - 1).id());
        }
        return rows;
    }

    private static Map<String, Object> row(SpooledMail mail) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("id", mail.id().value());
        row.put("sender", sender(mail));
        row.put(
                "recipients",
                mail.recipients().stream()
                        .filter(state -> state.status() == RecipientState.Status.PENDING)
                        .map(state -> state.recipient().address().toString())
                        .toList());
        row.put("size", mail.size());
        row.put("received", mail.received().toString());
        row.put("attempts", mail.attempts());
        row.put("nextAttempt", mail.nextAttempt().toString());
        row.put("lastReply", lastReply(mail));
        return row;
    }

    private static String lastReply(SpooledMail mail) {
        if (!mail.held().isEmpty()) {
            return "held: " + mail.held();
        }
        return mail.recipients().stream()
                .filter(state -> state.status() == RecipientState.Status.PENDING)
                .map(RecipientState::lastReply)
                .filter(reply -> !reply.isEmpty())
                .findFirst()
                .orElse("");
    }

    private List<Map<String, Object>> show(List<String> args) {
        if (args.size() != 1) {
            throw new IllegalArgumentException(USAGE);
        }
        SpooledMail mail = spool.find(id(args.get(0)))
                .orElseThrow(() -> new IllegalArgumentException("no mail " + args.get(0) + " is in the queue"));
        List<Map<String, Object>> rows = new ArrayList<>();
        add(rows, "id", mail.id().value());
        add(rows, "sender", sender(mail));
        add(rows, "size", mail.size());
        add(rows, "received", mail.received().toString());
        add(rows, "attempts", mail.attempts());
        add(rows, "nextAttempt", mail.nextAttempt().toString());
        add(rows, "held", mail.held());
        add(rows, "content", mail.content().value());
        for (RecipientState state : mail.recipients()) {
            String reply = state.lastReply().isEmpty() ? "" : ": " + state.lastReply();
            add(rows, "recipient " + state.recipient().address(), state.status() + reply);
        }
        mail.envelope().attributes().entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .forEach(attribute -> add(rows, attribute.getKey(), attribute.getValue()));
        return rows;
    }

    private static void add(List<Map<String, Object>> rows, String name, Object value) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("name", name);
        row.put("value", value);
        rows.add(row);
    }

    private String change(List<String> args, ToIntFunction<List<MailId>> how, String what) {
        if (args.isEmpty()) {
            throw new IllegalArgumentException(USAGE);
        }
        List<MailId> ids = args.equals(List.of("all"))
                ? all()
                : args.stream().map(QueueCommand::id).toList();
        List<MailId> unknown =
                ids.stream().filter(id -> spool.find(id).isEmpty()).toList();
        if (!args.equals(List.of("all")) && !unknown.isEmpty()) {
            throw new IllegalArgumentException("no mail " + unknown.get(0) + " is in the queue");
        }
        int changed = how.applyAsInt(ids);
        String busy =
                changed < ids.size() ? ", " + (ids.size() - changed) + " being delivered and left as they are" : "";
        return changed + (changed == 1 ? " mail " : " mails ") + what + busy;
    }

    private List<MailId> all() {
        List<MailId> ids = new ArrayList<>();
        Optional<MailId> after = Optional.empty();
        for (List<SpooledMail> page = spool.list(after, PAGE); !page.isEmpty(); page = spool.list(after, PAGE)) {
            page.forEach(mail -> ids.add(mail.id()));
            after = Optional.of(ids.get(ids.size() - 1));
        }
        return ids;
    }

    private static MailId id(String text) {
        try {
            return new MailId(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("'" + text + "' is not the id of a mail", e);
        }
    }

    private static String sender(SpooledMail mail) {
        return mail.envelope().reversePath().map(MailAddress::toString).orElse("");
    }
}
