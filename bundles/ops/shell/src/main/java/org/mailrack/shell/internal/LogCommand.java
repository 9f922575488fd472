package org.mailrack.shell.internal;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Iterator;

import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Descriptor;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/** The command {@code log}. */
@Component(
        service = LogCommand.class,
        property = {"osgi.command.scope=mailrack", "osgi.command.function=log"})
public final class LogCommand {

    private static final String USAGE = "log tail [-n LINES] [-f]";
    private static final int LINES = 10;
    private static final int MAX_LINES = 100_000;

    private final Path file;

    @Activate
    public LogCommand(BundleContext context) {
        String base = context.getProperty("mailrack.base");
        this.file = Path.of(base == null ? "" : base, "log", "mailrack.log");
    }

    @Descriptor("the last lines of the log; -f goes on with what comes")
    public Object log(CommandSession session, String... args) throws InterruptedException {
        Words words = Words.of(USAGE, args);
        if (!words.action().equals("tail")) {
            throw words.wrong();
        }
        int lines = LINES;
        boolean follow = false;
        Iterator<String> rest = words.rest(0, 3).iterator();
        while (rest.hasNext()) {
            String option = rest.next();
            if (option.equals("-f")) {
                follow = true;
            } else if (option.equals("-n") && rest.hasNext()) {
                lines = number(rest.next(), words);
            } else {
                throw words.wrong();
            }
        }
        PrintStream out = session.getConsole();
        try {
            LogTail tail = new LogTail(file);
            tail.last(lines, out);
            while (follow && !out.checkError()) {
                tail.next(out);
            }
            return null;
        } catch (NoSuchFileException e) {
            throw new IllegalArgumentException("there is no log yet: " + file, e);
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    "cannot read " + file + (Files.isReadable(file) ? ": " + e.getMessage() : ""), e);
        }
    }

    private static int number(String text, Words words) {
        if (!text.matches("[0-9]{1,6}") || Integer.parseInt(text) > MAX_LINES) {
            throw words.wrong();
        }
        return Integer.parseInt(text);
    }
}
