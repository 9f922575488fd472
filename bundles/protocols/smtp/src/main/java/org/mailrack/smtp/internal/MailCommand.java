package org.mailrack.smtp.internal;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Pattern;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.mailrack.api.directory.Directory;
import org.mailrack.api.filter.Verdict;
import org.mailrack.api.mail.AddressException;
import org.mailrack.api.mail.MailAddress;

/**
 * MAIL (RFC 5321 section 4.1.1.2) with the parameters SIZE (RFC 1870), BODY (RFC 6152), SMTPUTF8 (RFC 6531) and AUTH (RFC 4954
 * section 5), whose value is read and never believed.
 */
final class MailCommand implements SmtpCommand {

    private static final Logger log = LoggerFactory.getLogger(MailCommand.class);
    private static final Pattern SIZE = Pattern.compile("\\d{1,20}");
    private static final Pattern XTEXT = Pattern.compile("(?:[!-*,-<>-~]|\\+[0-9A-F]{2})+");

    /** A parameter that cannot be, and what the client is told. */
    private static final class Refused extends Exception {
        private static final long serialVersionUID = 1L;
        private final transient Reply reply;

        Refused(Reply reply) {
            this.reply = reply;
        }
    }

    @Override
    public String verb() {
        return "MAIL";
    }

    @Override
    public void keywords(Dialog dialog, Consumer<String> to) {
        to.accept("SIZE " + dialog.settings().maxMessageSize());
    }

    @Override
    public Step execute(Dialog dialog, String argument) {
        if (!dialog.greeted()) {
            return Step.of(Replies.HELO_FIRST);
        }
        if (dialog.transaction() != null) {
            return Step.of(Replies.NESTED_MAIL);
        }
        if (dialog.flavor() == Flavor.SUBMISSION && dialog.account().isEmpty()) {
            return Step.of(
                    dialog.offersTls() && mechanisms(dialog).isEmpty() ? Replies.TLS_REQUIRED : Replies.AUTH_REQUIRED);
        }
        PathArgument parsed;
        try {
            parsed = PathArgument.parse(argument, "FROM:");
        } catch (PathArgument.ParameterException e) {
            return Step.of(Replies.BAD_PARAMETER);
        }
        if (parsed == null) {
            return Step.of(Replies.MAIL_SYNTAX);
        }
        try {
            return begin(dialog, parsed);
        } catch (AddressException e) {
            return Step.of(Replies.BAD_SENDER);
        } catch (Refused e) {
            return Step.of(e.reply);
        }
    }

    private static List<String> mechanisms(Dialog dialog) {
        return dialog.services()
                .authenticator()
                .map(a -> a.mechanisms(dialog.authClient()))
                .orElse(List.of());
    }

    private static Step begin(Dialog dialog, PathArgument parsed) throws Refused {
        String body = "";
        boolean utf8 = false;
        for (Map.Entry<String, String> parameter : parsed.parameters().entrySet()) {
            String value = parameter.getValue();
            switch (parameter.getKey()) {
                case "SIZE" -> checkSize(value, dialog.settings().maxMessageSize());
                case "BODY" -> body = body(value);
                case "SMTPUTF8" -> utf8 = flag(value);
                case "AUTH" -> checkAuth(value);
                default -> throw new Refused(Replies.UNKNOWN_PARAMETER);
            }
        }
        Optional<MailAddress> reversePath =
                parsed.path().isEmpty() ? Optional.empty() : Optional.of(MailAddress.parse(parsed.path()));
        if (!utf8 && reversePath.filter(MailAddress::needsUtf8).isPresent()) {
            throw new Refused(Replies.SENDER_NEEDS_UTF8);
        }
        if (dialog.flavor() == Flavor.SUBMISSION && dialog.settings().senderCheck() && !mayUse(dialog, reversePath)) {
            throw new Refused(Replies.SENDER_NOT_YOURS);
        }
        if (dialog.anotherMessage()) {
            return Step.close(Replies.SESSION_TOO_LONG);
        }
        Verdict verdict = dialog.services().filters().sender(dialog.client(), reversePath);
        Optional<Reply> refusal = Reply.refusal(verdict, 550, 451);
        if (refusal.isPresent()) {
            log.info(
                    "sender refused session={} remote={} from={} reply=\"{}\"",
                    dialog.session(),
                    dialog.remoteAddress(),
                    reversePath.map(MailAddress::toString).orElse("<>"),
                    refusal.get());
            throw new Refused(refusal.get());
        }
        dialog.begin(reversePath, utf8, body, verdict);
        return Step.of(Replies.SENDER_OK);
    }

    private static void checkSize(String value, long most) throws Refused {
        if (!SIZE.matcher(value).matches()) {
            throw new Refused(Replies.BAD_PARAMETER);
        }
        // Twenty digits are allowed, and more than a long holds.
        if (value.length() > 18 || Long.parseLong(value) > most) {
            throw new Refused(Replies.TOO_BIG);
        }
    }

    private static String body(String value) throws Refused {
        String body = value.toUpperCase(Locale.ROOT);
        if (!body.equals("7BIT") && !body.equals("8BITMIME")) {
            throw new Refused(Replies.BAD_PARAMETER);
        }
        return body;
    }

    private static boolean flag(String value) throws Refused {
        if (!value.isEmpty()) {
            throw new Refused(Replies.BAD_PARAMETER);
        }
        return true;
    }

    private static void checkAuth(String value) throws Refused {
        if (!XTEXT.matcher(value).matches()) {
            throw new Refused(Replies.BAD_PARAMETER);
        }
    }

    /** Whether the account that authenticated may send as that address. */
    private static boolean mayUse(Dialog dialog, Optional<MailAddress> reversePath) {
        if (reversePath.isEmpty()) {
            return true;
        }
        Directory directory = dialog.services().directory();
        String own = dialog.account().orElseThrow().name();
        MailAddress address = reversePath.get();
        return directory.account(address).filter(a -> a.name().equals(own)).isPresent()
                || directory.alias(address).stream()
                        .anyMatch(target -> target.key().equals(own));
    }
}
