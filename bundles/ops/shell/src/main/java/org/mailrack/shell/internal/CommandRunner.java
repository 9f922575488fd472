package org.mailrack.shell.internal;

import java.io.InputStream;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

import org.apache.felix.service.command.CommandProcessor;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Converter;
import org.apache.felix.service.command.Function;
import org.apache.felix.service.threadio.ThreadIO;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds a command among the Gogo functions, runs it and shows what it returns. */
final class CommandRunner {

    static final int OK = 0;
    static final int FAILED = 1;
    static final int UNKNOWN = 127;
    static final int CANCELLED = 130;

    static final String SCOPE = "mailrack";
    static final String STATUS = "mailrack.status";

    private static final Logger log = LoggerFactory.getLogger(CommandRunner.class);

    private final CommandProcessor processor;
    private final ThreadIO threadIo;

    CommandRunner(CommandProcessor processor, ThreadIO threadIo) {
        this.processor = processor;
        this.threadIo = threadIo;
    }

    /** Runs a command with the client's streams; returns the exit code. */
    int run(Request request, InputStream in, PrintStream out, PrintStream err) {
        if (request.words().isEmpty()) {
            err.println("mailrack: no command, see: mailrack help");
            return UNKNOWN;
        }
        String name = request.words().get(0);
        CommandSession session = processor.createSession(in, out, err);
        threadIo.setStreams(in, out, err);
        try {
            session.currentDir(request.folder());
            Optional<Function> function = find(session, name);
            if (function.isEmpty()) {
                err.println("mailrack: unknown command " + Rows.printable(name) + ", see: mailrack help");
                return UNKNOWN;
            }
            List<Object> arguments =
                    new ArrayList<>(request.words().subList(1, request.words().size()));
            Object result = function.get().execute(session, arguments);
            show(result, request.json(), session, out);
            // A command that has something to show, and failed all the same, says so in its session.
            return session.get(STATUS) instanceof Integer status ? status : OK;
        } catch (IllegalArgumentException e) {
            err.println("mailrack: " + sentence(e));
            return FAILED;
        } catch (InterruptedException e) {
            return CANCELLED;
        } catch (Exception e) {
            if (Thread.currentThread().isInterrupted()) {
                return CANCELLED;
            }
            log.warn("command failed command={}", Rows.printable(name), e);
            err.println("mailrack: " + Rows.printable(name) + " failed: " + sentence(e));
            return FAILED;
        } finally {
            threadIo.close();
            session.close();
        }
    }

    private static String sentence(Exception e) {
        return Rows.printable(e.getMessage() == null ? e.getClass().getName() : e.getMessage());
    }

    /** The function in our scope, else in any, unless the name says in which. */
    private static Optional<Function> find(CommandSession session, String name) {
        if (name.isEmpty() || name.startsWith(".") || name.startsWith("*")) {
            return Optional.empty();
        }
        String lower = name.toLowerCase(Locale.ROOT);
        Object found;
        if (lower.indexOf(':') >= 0) {
            found = session.get(lower);
        } else {
            found = session.get(SCOPE + ':' + lower);
            if (found == null) {
                session.put("SCOPE", "*");
                found = session.get("*:" + lower);
            }
        }
        return found instanceof Function function ? Optional.of(function) : Optional.empty();
    }

    private static void show(Object result, boolean json, CommandSession session, PrintStream out) throws Exception {
        if (result == null) {
            return;
        }
        Optional<List<Map<String, Object>>> rows = Rows.of(result);
        if (json) {
            out.println(Json.of(rows.orElseGet(() -> List.of(Map.of("message", result)))));
        } else if (rows.isPresent() && Rows.tabular(result)) {
            out.print(Rows.table(rows.get()));
        } else if (result instanceof CharSequence || result instanceof Number || result instanceof Boolean) {
            out.println(result);
        } else {
            out.println(session.format(result, Converter.INSPECT));
        }
        out.flush();
    }
}
