package org.mailrack.shell.internal;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import org.apache.felix.service.command.Descriptor;
import org.osgi.framework.BundleContext;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.AttributeDefinition;
import org.osgi.service.metatype.MetaTypeService;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The command {@code config}. The files in {@code etc} stay the one place of all settings: a change is written there, and the old
 * text is put back when the server does not take it.
 */
@Component(
        service = ConfigCommand.class,
        property = {"osgi.command.scope=mailrack", "osgi.command.function=config"})
public final class ConfigCommand {

    private static final String USAGE = "config show [PID] | config set PID SETTING VALUE | config unset PID SETTING";
    private static final long TAKEN_SECONDS = 10;
    /** A component that cannot be activated with a value says so within this. */
    private static final long LOOK_MILLIS = 500;

    private static final long PAUSE_MILLIS = 20;

    private static final Logger log = LoggerFactory.getLogger(ConfigCommand.class);

    private final SettingsCatalog catalog;
    private final Diagnosis diagnosis;
    private final Path folder;

    @Activate
    public ConfigCommand(
            BundleContext context,
            @Reference MetaTypeService descriptions,
            @Reference ConfigurationAdmin configurations,
            @Reference Diagnosis diagnosis) {
        this(
                new SettingsCatalog(context, descriptions, configurations),
                diagnosis,
                Path.of(String.valueOf(context.getProperty("mailrack.base")), "etc"));
    }

    ConfigCommand(SettingsCatalog catalog, Diagnosis diagnosis, Path folder) {
        this.catalog = catalog;
        this.diagnosis = diagnosis;
        this.folder = folder;
    }

    @Descriptor("settings: which there are, what is in force, and change one without a restart")
    public synchronized Object config(String... args) throws IOException {
        Words words = Words.of(USAGE, args);
        return switch (words.action()) {
            case "show" -> {
                List<String> rest = words.rest(0, 1);
                yield rest.isEmpty() ? all() : show(catalog.place(rest.get(0)));
            }
            case "set" -> {
                List<String> rest = words.rest(3, 3);
                yield set(catalog.place(rest.get(0)), rest.get(1), rest.get(2).strip());
            }
            case "unset" -> {
                List<String> rest = words.rest(2, 2);
                yield set(catalog.place(rest.get(0)), rest.get(1), null);
            }
            default -> throw words.wrong();
        };
    }

    private List<Map<String, Object>> all() {
        List<Map<String, Object>> rows = new ArrayList<>();
        catalog.all().forEach((pid, definition) -> {
            Map<String, Object> row = new LinkedHashMap<>();
            row.put("pid", pid);
            row.put("file", "etc/" + pid + ".cfg");
            row.put("settings", definition.getAttributeDefinitions(-1).length);
            row.put("description", definition.getDescription());
            rows.add(row);
        });
        return rows;
    }

    private List<Map<String, Object>> show(SettingsCatalog.Place place) {
        Map<String, String> inForce = catalog.inForce(place);
        List<Map<String, Object>> rows = new ArrayList<>();
        for (AttributeDefinition attribute : place.attributes()) {
            String normally = SettingsCatalog.normally(attribute);
            Map<String, Object> row = new LinkedHashMap<>();
            row.put("setting", attribute.getID());
            row.put("value", inForce.getOrDefault(attribute.getID(), normally));
            row.put("default", normally);
            row.put("description", attribute.getDescription());
            rows.add(row);
        }
        return rows;
    }

    /** @param value null to go back to the default */
    private String set(SettingsCatalog.Place place, String key, String value) throws IOException {
        AttributeDefinition attribute = place.attribute(key);
        if (value != null) {
            if (!value.equals(Rows.printable(value))) {
                throw new IllegalArgumentException("a value is one line of text");
            }
            SettingsCatalog.fault(attribute, value).ifPresent(fault -> {
                throw new IllegalArgumentException(key + "=" + value + " " + fault + "; nothing was changed");
            });
        }
        String before = catalog.inForce(place).get(key);
        Path file = file(place);
        String old = read(file);
        String changed = value == null ? SettingsText.unset(old, key) : SettingsText.set(old, key, value);
        if (changed.equals(old)) {
            return place.text() + ": " + key + " is as it was";
        }
        List<Problem> known = diagnosis.problems();
        write(file, changed);
        Audit.asked(place.text(), key, value);
        String refusal = refusal(place, key, value, known);
        if (!refusal.isEmpty()) {
            write(file, old);
            log.warn("setting refused pid={} setting={} value=\"{}\" reason=\"{}\"", place.text(), key, value, refusal);
            throw new IllegalArgumentException(refusal + "; the old value is in force");
        }
        String was = before == null ? "default" : before;
        return place.text() + ": " + key + "=" + (value == null ? SettingsCatalog.normally(attribute) : value)
                + ", was " + was;
    }

    /** The file that is there, which may be written with either mark before its name. */
    private Path file(SettingsCatalog.Place place) {
        Path other = folder.resolve(place.pid() + place.name().map(n -> '~' + n).orElse("") + ".cfg");
        return Files.exists(other) ? other : folder.resolve(place.file());
    }

    /** Why the server does not take it; empty when it does. */
    private String refusal(SettingsCatalog.Place place, String key, String value, List<Problem> known) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(TAKEN_SECONDS);
        boolean taken = false;
        while (!taken && System.nanoTime() < end) {
            taken = value == null
                    ? !catalog.inForce(place).containsKey(key)
                    : value.equals(catalog.inForce(place).get(key));
            String problem = problem(known);
            if (!problem.isEmpty()) {
                return problem;
            }
            pause();
        }
        if (!taken) {
            return "not taken within " + TAKEN_SECONDS + " s, see: mailrack diagnose";
        }
        long look = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(LOOK_MILLIS);
        while (System.nanoTime() < look) {
            String problem = problem(known);
            if (!problem.isEmpty()) {
                return problem;
            }
            pause();
        }
        return "";
    }

    /** What does not work and did before. A component that waits for another is only on its way. */
    private String problem(List<Problem> known) {
        return diagnosis.problems().stream()
                .filter(problem -> !known.contains(problem))
                .filter(problem -> !problem.problem().startsWith("waits for"))
                .map(Problem::line)
                .findFirst()
                .orElse("");
    }

    private static String read(Path file) throws IOException {
        try {
            return Files.readString(file);
        } catch (NoSuchFileException e) {
            return "";
        }
    }

    /** At once, so that nobody reads half of it; a file of nothing is taken away. */
    private static void write(Path file, String text) throws IOException {
        if (text.isEmpty()) {
            Files.deleteIfExists(file);
            return;
        }
        Path next = file.resolveSibling("." + file.getFileName() + ".new");
        try {
            Files.writeString(next, text, StandardCharsets.UTF_8);
            if (Files.exists(file)) {
                Files.setPosixFilePermissions(next, Files.getPosixFilePermissions(file));
            }
            Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(next);
        }
    }

    private static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }
}
