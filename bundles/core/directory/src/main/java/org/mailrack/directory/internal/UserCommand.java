package org.mailrack.directory.internal;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import java.util.TreeMap;

import org.apache.felix.service.command.CommandSession;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

import org.mailrack.api.directory.Account;
import org.mailrack.api.directory.DirectoryAdmin;
import org.mailrack.api.mail.AddressException;
import org.mailrack.api.mail.MailAddress;

/** The command {@code user}. */
@Component(
        service = UserCommand.class,
        property = {
            "osgi.command.scope=mailrack",
            "osgi.command.function=user",
            "mailrack.command.help=accounts and aliases: add, list, passwd, remove, alias, unalias, aliases"
        })
public final class UserCommand {

    private static final String USAGE = "usage: user add ADDRESS... [--password-stdin] | user list"
            + " | user passwd ADDRESS [--password-stdin] | user remove ADDRESS"
            + " | user alias ADDRESS TARGET... | user unalias ADDRESS | user aliases";
    private static final String FROM_STDIN = "--password-stdin";

    private final DirectoryAdmin admin;
    private final AliasListing aliases;

    @Activate
    public UserCommand(@Reference DirectoryAdmin admin, @Reference AliasListing aliases) {
        this.admin = admin;
        this.aliases = aliases;
    }

    /** Rows for {@code list} and {@code aliases}, a sentence for the others. */
    public Object user(CommandSession session, String... args) {
        List<String> words = new ArrayList<>(List.of(args));
        boolean fromStdin = words.remove(FROM_STDIN);
        String action = words.isEmpty() ? "" : words.remove(0);
        if (fromStdin && !action.equals("add") && !action.equals("passwd")) {
            throw new IllegalArgumentException(USAGE);
        }
        return switch (action) {
            case "list" -> {
                require(words.isEmpty());
                yield list();
            }
            case "aliases" -> {
                require(words.isEmpty());
                yield aliases();
            }
            case "add" -> {
                require(!words.isEmpty());
                List<MailAddress> addresses =
                        words.stream().map(UserCommand::address).toList();
                StringJoiner added = new StringJoiner("\n");
                for (MailAddress address : addresses) {
                    added.add(password(true, address, fromStdin, session));
                }
                yield added.toString();
            }
            case "passwd" -> {
                require(words.size() == 1);
                yield password(false, address(words.get(0)), fromStdin, session);
            }
            case "remove" -> {
                require(words.size() == 1);
                MailAddress address = address(words.get(0));
                admin.removeAccount(address);
                yield "removed " + address;
            }
            case "alias" -> {
                require(words.size() >= 2);
                List<MailAddress> targets =
                        words.stream().map(UserCommand::address).toList();
                admin.setAlias(targets.get(0), targets.subList(1, targets.size()));
                yield words.get(0) + " stands for " + String.join(" ", words.subList(1, words.size()));
            }
            case "unalias" -> {
                require(words.size() == 1);
                admin.setAlias(address(words.get(0)), List.of());
                yield "removed alias " + words.get(0);
            }
            default -> throw new IllegalArgumentException(USAGE);
        };
    }

    private static void require(boolean fits) {
        if (!fits) {
            throw new IllegalArgumentException(USAGE);
        }
    }

    private static MailAddress address(String text) {
        try {
            return MailAddress.parse(text);
        } catch (AddressException e) {
            throw new IllegalArgumentException("not a mail address: " + text + ": " + e.getMessage(), e);
        }
    }

    private List<Map<String, Object>> list() {
        return admin.accounts().stream()
                .map(Account::name)
                .map(name -> Map.<String, Object>of("address", name))
                .toList();
    }

    private List<Map<String, Object>> aliases() {
        List<Map<String, Object>> rows = new ArrayList<>();
        new TreeMap<>(aliases.aliases()).forEach((alias, targets) -> {
            Map<String, Object> row = new LinkedHashMap<>();
            row.put("alias", alias);
            row.put("targets", targets);
            rows.add(row);
        });
        return rows;
    }

    private String password(boolean add, MailAddress address, boolean fromStdin, CommandSession session) {
        char[] password = fromStdin ? readLine(session.getKeyboard()) : Passwords.generate();
        try {
            if (add) {
                admin.addAccount(address, password);
            } else {
                admin.setPassword(address, password);
            }
            String done = add ? "added " + address : "changed the password of " + address;
            return fromStdin ? done : done + ", password: " + new String(password);
        } finally {
            Arrays.fill(password, '\0');
        }
    }

    /** One line, without its end; the session may stay open behind it. */
    private static char[] readLine(InputStream input) {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        try {
            int octet = input.read();
            while (octet >= 0 && octet != '\n') {
                if (line.size() > Passwords.MAX_OCTETS) {
                    throw new IllegalArgumentException("a password has at most " + Passwords.MAX_OCTETS + " octets");
                }
                line.write(octet);
                octet = input.read();
            }
            byte[] octets = line.toByteArray();
            int length = octets.length > 0 && octets[octets.length - 1] == '\r' ? octets.length - 1 : octets.length;
            if (length == 0) {
                throw new IllegalArgumentException("no password on the standard input");
            }
            CharBuffer text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(octets, 0, length));
            char[] password = new char[text.remaining()];
            text.get(password);
            Arrays.fill(text.array(), '\0');
            Arrays.fill(octets, (byte) 0);
            return password;
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException("the password on the standard input is not UTF-8", e);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the standard input", e);
        }
    }
}
