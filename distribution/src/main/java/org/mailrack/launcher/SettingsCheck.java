package org.mailrack.launcher;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.UserPrincipal;
import java.util.List;
import java.util.Properties;

/** Finds what would make a start fail or be half a start, and says it in one line that names the file. */
final class SettingsCheck {

    private SettingsCheck() {}

    static void check(Instance instance) {
        for (Path folder : List.of(instance.etc(), instance.data())) {
            if (!Files.isDirectory(folder)) {
                throw LauncherException.failed(folder + " is missing; was this instance made with: mailrack init ?");
            }
        }
        if (!Files.exists(instance.log())) {
            try {
                // Not in every backup, and nothing is lost with it.
                InstanceWriter.ownersFolder(instance.log());
            } catch (IOException e) {
                throw LauncherException.failed("cannot make " + instance.log() + ": " + Instance.reason(e));
            }
        }
        writable(instance.log());
        own(instance.data());
        for (Path file : instance.settingsFiles()) {
            Instance.load(file);
        }
        if (!Files.isReadable(instance.etc().resolve("logback.xml"))) {
            throw LauncherException.failed(
                    "cannot read " + instance.etc().resolve("logback.xml") + ", the logging settings");
        }
        certificate(instance);
        Trust.of(instance);
    }

    /** Without a word the server would show clients a certificate of its own instead. */
    private static void certificate(Instance instance) {
        Path file = instance.etc().resolve("org.mailrack.transport.tls.cfg");
        Properties settings = Files.exists(file) ? Instance.load(file) : new Properties();
        for (Path part : List.of(
                instance.etc().resolve(settings.getProperty("certificate", "tls/cert.pem")),
                instance.etc().resolve(settings.getProperty("key", "tls/key.pem")),
                instance.data().resolve("tls/cert.pem"),
                instance.data().resolve("tls/key.pem"))) {
            Path folder = part.getParent();
            boolean closed = Files.isDirectory(folder) && !Files.isExecutable(folder);
            if (closed || Files.exists(part) && !Files.isReadable(part)) {
                throw LauncherException.failed("cannot read " + part + ": permission denied");
            }
        }
    }

    /** Root can write anywhere, and what it wrote once, the user to whom the folder belongs could not read any more. */
    private static void own(Path folder) {
        UserPrincipal writer = writable(folder);
        try {
            UserPrincipal owner = Files.getOwner(folder);
            if (!owner.equals(writer)) {
                throw LauncherException.failed(folder + " belongs to the user " + owner.getName()
                        + ": run this command as that user, not as " + writer.getName());
            }
        } catch (IOException e) {
            throw LauncherException.failed("cannot look at " + folder + ": " + Instance.reason(e));
        }
    }

    /** Tries it, because permissions alone do not tell: the disk may be full or mounted to be read only. Tells whose files are made. */
    private static UserPrincipal writable(Path folder) {
        try {
            Path probe = Files.createTempFile(folder, ".probe", null);
            UserPrincipal writer = Files.getOwner(probe);
            Files.delete(probe);
            return writer;
        } catch (IOException e) {
            throw LauncherException.failed("cannot write to " + folder + ": " + Instance.reason(e));
        }
    }
}
