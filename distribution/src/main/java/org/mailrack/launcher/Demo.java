package org.mailrack.launcher;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The demo's accounts. Their passwords are new at every run and are kept nowhere but hashed in the store. */
final class Demo {

    static final List<String> ACCOUNTS = List.of("alice@crepes.fr", "bob@hamburger.edu");

    /** Nothing that looks like something else, and nothing that a shell would take for its own. */
    private static final String LETTERS = "abcdefghijkmnpqrstuvwxyz23456789";

    private static final int LENGTH = 16;

    private Demo() {}

    /** Gives the accounts passwords, by the control socket; returns these. */
    static Map<String, String> accounts(ControlClient control) {
        SecureRandom random = new SecureRandom();
        Map<String, String> passwords = new LinkedHashMap<>();
        for (String account : ACCOUNTS) {
            StringBuilder password = new StringBuilder();
            for (int i = 0; i < LENGTH; i++) {
                password.append(LETTERS.charAt(random.nextInt(LETTERS.length())));
            }
            String added = ask(control, "add", account, password.toString());
            if (added != null) {
                String changed = ask(control, "passwd", account, password.toString());
                if (changed != null) {
                    throw LauncherException.failed("cannot set up the demo account " + account + ": " + changed);
                }
            }
            passwords.put(account, password.toString());
        }
        return passwords;
    }

    /** What went wrong, or null. */
    private static String ask(ControlClient control, String action, String account, String password) {
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        PrintStream answer = new PrintStream(said, true, StandardCharsets.UTF_8);
        byte[] input = (password + "\n").getBytes(StandardCharsets.UTF_8);
        int code = control.run(
                List.of("user", action, account, "--password-stdin"), new ByteArrayInputStream(input), answer, answer);
        return code == 0 ? null : said.toString(StandardCharsets.UTF_8).strip();
    }
}
