package org.mailrack.launcher;

import java.io.IOException;
import java.io.Reader;
import java.nio.charset.MalformedInputException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;

/**
 * The folders of one server.
 *
 * @param home the installation, which is only read
 * @param base the instance folder
 */
record Instance(Path home, Path base) {

    static final String ENDPOINT_PREFIX = "org.mailrack.transport.endpoint-";
    static final String SETTINGS = "mailrack.cfg";

    Path etc() {
        return base.resolve("etc");
    }

    Path data() {
        return base.resolve("data");
    }

    Path deploy() {
        return base.resolve("deploy");
    }

    Path log() {
        return base.resolve("log");
    }

    Path cache() {
        return data().resolve("cache");
    }

    Path lockFile() {
        return data().resolve("mailrack.lock");
    }

    Path pidFile() {
        return data().resolve("mailrack.pid");
    }

    Path consoleLog() {
        return log().resolve("console.log");
    }

    /**
     * Says that the archive of classes that is made when this process ends, see bin/mailrack, holds those of half a start, which
     * would make every later one slower than those of a whole one.
     */
    void distrustArchive() {
        Path mark = data().resolve("classes.incomplete");
        if (Boolean.getBoolean("mailrack.archiving") && Files.isDirectory(data()) && !Files.exists(mark)) {
            try {
                Files.createFile(mark);
            } catch (IOException e) {
                System.err.println("mailrack: cannot make " + mark + ": " + reason(e));
            }
        }
    }

    /** Whether {@code init} was here. */
    boolean initialized() {
        return Files.exists(etc().resolve(SETTINGS)) || !endpointFiles().isEmpty();
    }

    /** How the user names this instance on the command line. */
    String command() {
        return base.equals(home) ? "mailrack" : "mailrack --base " + base;
    }

    /** The files that configure an endpoint each, sorted by name. */
    List<Path> endpointFiles() {
        return settingsFiles().stream()
                // Both are read; OSGi itself writes a tilde.
                .filter(file -> file.getFileName().toString().replace('~', '-').startsWith(ENDPOINT_PREFIX))
                .toList();
    }

    /** All settings files, sorted by name; none when there is no such folder. */
    List<Path> settingsFiles() {
        List<Path> files = new ArrayList<>();
        try (DirectoryStream<Path> found = Files.newDirectoryStream(etc(), "*.cfg")) {
            found.forEach(files::add);
        } catch (NoSuchFileException e) {
            return List.of();
        } catch (IOException e) {
            throw LauncherException.failed("cannot read the folder " + etc() + ": " + reason(e));
        }
        files.sort(null);
        return files;
    }

    /** The launcher's own settings. */
    Properties settings() {
        Path file = etc().resolve(SETTINGS);
        return Files.exists(file) ? load(file) : new Properties();
    }

    /** A number from the launcher's own settings. */
    int number(String name, int normally, int min, int max) {
        String text = settings().getProperty(name);
        if (text == null) {
            return normally;
        }
        try {
            int number = Integer.parseInt(text.strip());
            if (number >= min && number <= max) {
                return number;
            }
        } catch (NumberFormatException e) {
            // said below
        }
        throw LauncherException.failed(
                etc().resolve(SETTINGS) + ": " + name + "=" + text + " is not a number from " + min + " to " + max);
    }

    /** Reads a settings file, or says in one line why it cannot be read. */
    static Properties load(Path file) {
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            properties.load(reader);
        } catch (MalformedInputException e) {
            throw LauncherException.failed(file + " is not a text file in UTF-8");
        } catch (IOException e) {
            throw LauncherException.failed("cannot read " + file + ": " + reason(e));
        } catch (IllegalArgumentException e) {
            throw LauncherException.failed(file + ": damaged: " + e.getMessage());
        }
        return properties;
    }

    /** What an exception of the file system means, in words. */
    static String reason(IOException e) {
        if (e instanceof AccessDeniedException) {
            return "permission denied";
        }
        if (e instanceof NoSuchFileException) {
            return "no such file";
        }
        return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    }
}
