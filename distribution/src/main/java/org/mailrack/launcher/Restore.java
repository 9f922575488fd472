package org.mailrack.launcher;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Comparator;
import java.util.List;
import java.util.Properties;
import java.util.stream.Stream;

/**
 * Makes an instance what a backup has. Nothing is changed before all files were read, found true and written beside; what was there
 * is kept. {@code etc} comes last and goes first, so that no server starts on half of it: without settings there is no instance.
 */
final class Restore {

    private static final String STAGE = "restore.partial";
    private static final String KEPT = "before-restore-";
    private static final List<String> FOLDERS = List.of("data", "deploy", "etc");
    private static final String CONTENT_SETTINGS = "etc/org.mailrack.content.log.cfg";
    private static final DateTimeFormatter STAMP = DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss");

    private final Instance instance;

    Restore(Instance instance) {
        this.instance = instance;
    }

    int run(List<String> words) {
        boolean check = words.contains("--check");
        List<String> paths =
                words.stream().filter(word -> !word.equals("--check")).toList();
        if (paths.size() != 1 || paths.get(0).startsWith("-") || paths.get(0).isEmpty()) {
            throw LauncherException.usage("restore needs the folder of a backup, see: mailrack help");
        }
        BackupFolder backup =
                BackupFolder.open(Path.of(paths.get(0)).toAbsolutePath().normalize());
        if (check) {
            backup.verify();
            System.out.println(
                    backup.folder() + " is whole: " + backup.entries().size() + " files");
            return 0;
        }
        try {
            if (!Files.isDirectory(instance.data())) {
                restore(backup);
            } else {
                InstanceLock lock = InstanceLock.take(instance);
                try {
                    restore(backup);
                } finally {
                    lock.close();
                }
            }
        } catch (IOException e) {
            throw LauncherException.failed("cannot write to " + instance.base() + ": " + Instance.reason(e));
        }
        return 0;
    }

    private void restore(BackupFolder backup) throws IOException {
        Path base = instance.base();
        Files.createDirectories(base);
        Path stage = base.resolve(STAGE);
        delete(stage);
        for (BackupFolder.Entry entry : backup.entries()) {
            write(backup, entry, stage.resolve(entry.path()));
        }
        FOLDERS.forEach(name -> copyMode(backup.folder().resolve(name), stage.resolve(name)));
        contentsInTheUsualPlace(stage);
        forceFolders(stage);
        Path kept = base.resolve(KEPT + STAMP.format(LocalDateTime.now()));
        boolean keeps = false;
        for (int i = FOLDERS.size() - 1; i >= 0; i--) {
            Path old = base.resolve(FOLDERS.get(i));
            if (Files.exists(old, LinkOption.NOFOLLOW_LINKS)) {
                Files.createDirectories(kept);
                Files.move(old, kept.resolve(FOLDERS.get(i)), StandardCopyOption.ATOMIC_MOVE);
                keeps = true;
            }
        }
        force(base);
        for (String name : FOLDERS) {
            if (!Files.isDirectory(stage.resolve(name))) {
                Files.createDirectory(stage.resolve(name));
            }
            Files.move(stage.resolve(name), base.resolve(name), StandardCopyOption.ATOMIC_MOVE);
            force(base);
        }
        Files.createDirectories(instance.log());
        delete(stage);
        System.out.println(
                "restored " + base + " from " + backup.folder() + ", start it with: " + instance.command() + " start");
        if (keeps) {
            System.out.println("what was there is in " + kept);
        }
    }

    private static void write(BackupFolder backup, BackupFolder.Entry entry, Path file) throws IOException {
        Files.createDirectories(file.getParent());
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            // Before the octets: some are keys.
            copyMode(backup.folder().resolve(entry.path()), file);
            OutputStream out = Channels.newOutputStream(channel);
            backup.read(entry, out);
            channel.force(true);
        }
        Files.setLastModifiedTime(
                file, Files.getLastModifiedTime(backup.folder().resolve(entry.path())));
        copyMode(backup.folder().resolve(entry.path().getParent()), file.getParent());
    }

    private static void copyMode(Path from, Path to) {
        PosixFileAttributeView view = Files.getFileAttributeView(from, PosixFileAttributeView.class);
        if (view == null || !Files.exists(from) || !Files.exists(to)) {
            return;
        }
        try {
            Files.setPosixFilePermissions(to, view.readAttributes().permissions());
        } catch (IOException e) {
            throw LauncherException.failed("cannot set the permissions of " + to + ": " + Instance.reason(e));
        }
    }

    /** A backup has contents in data/content; a setting that names another folder would have the server look there. */
    private static void contentsInTheUsualPlace(Path stage) throws IOException {
        Path file = stage.resolve(CONTENT_SETTINGS);
        if (!Files.exists(file)) {
            return;
        }
        Properties settings = Instance.load(file);
        String directory = settings.getProperty("directory", "").strip();
        if (!directory.isEmpty()) {
            Files.writeString(
                    file,
                    System.lineSeparator() + "# The backup was restored to data/content." + System.lineSeparator()
                            + "directory=" + System.lineSeparator(),
                    StandardOpenOption.APPEND);
            System.out.println("the contents are in data/content now, no longer in " + directory);
        }
    }

    private static void forceFolders(Path stage) throws IOException {
        try (Stream<Path> all = Files.walk(stage)) {
            for (Path folder : (Iterable<Path>) all.filter(Files::isDirectory)::iterator) {
                force(folder);
            }
        }
    }

    private static void force(Path folder) throws IOException {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    private static void delete(Path stage) throws IOException {
        if (!Files.exists(stage, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        try (Stream<Path> all = Files.walk(stage)) {
            for (Path path : (Iterable<Path>) all.sorted(Comparator.reverseOrder())::iterator) {
                Files.delete(path);
            }
        }
    }
}
