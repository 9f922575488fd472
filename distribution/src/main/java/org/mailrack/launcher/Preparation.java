package org.mailrack.launcher;

import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Properties;

/**
 * Runs the server of a new instance once, so that the database, the container's cache and the archive of classes are there before
 * the first start. It has copies of the settings with the endpoints on free ports of the loopback, because those that are
 * configured may be in use or need a privilege, and nobody is to be served yet.
 */
final class Preparation {

    private final Instance instance;
    private final String version;

    Preparation(Instance instance, String version) {
        this.instance = instance;
        this.version = version;
    }

    int run() throws InterruptedException {
        SettingsCheck.check(instance);
        Path settings = instance.data().resolve("tmp").resolve("prepare");
        Path tls = instance.data().resolve("tls");
        boolean certified = Files.exists(tls);
        Path log = instance.log().resolve("mailrack.log");
        boolean logged = Files.exists(log);
        InstanceLock lock = InstanceLock.take(instance);
        try {
            copySettings(settings);
            List<String> problems = runOnce(settings);
            Rack.delete(settings);
            if (!certified) {
                // The certificate shall name the host as the settings do at the first start.
                Rack.delete(tls);
            }
            if (!problems.isEmpty()) {
                throw LauncherException.failed(String.join("\n", problems));
            }
            if (!logged) {
                // Its endpoints and ports would only puzzle who looks for those of the first start.
                Files.deleteIfExists(log);
            }
            return 0;
        } catch (IOException e) {
            throw LauncherException.failed("cannot write to " + instance.data() + ": " + Instance.reason(e));
        } finally {
            lock.close();
        }
    }

    private List<String> runOnce(Path settings) throws InterruptedException {
        int startTimeout = instance.number("start.timeout", 30, 1, 3600);
        int stopTimeout = instance.number("stop.timeout", 20, 1, 3600);
        Rack rack = Rack.prepare(instance, version, false, settings);
        boolean stopped;
        List<String> problems;
        try {
            rack.start();
            problems = new Readiness(rack.context(), instance).await(Duration.ofSeconds(startTimeout));
        } finally {
            stopped = rack.stop(stopTimeout);
        }
        return stopped ? problems : List.of("not stopped within " + stopTimeout + " s");
    }

    private void copySettings(Path folder) throws IOException {
        InstanceWriter.ownersFolder(instance.data().resolve("tmp"));
        InstanceWriter.ownersFolder(folder);
        for (Path file : instance.settingsFiles()) {
            Properties settings = Instance.load(file);
            if (file.getFileName().toString().startsWith(Instance.ENDPOINT_PREFIX)) {
                settings.setProperty("address", InitOptions.LOOPBACK);
                settings.setProperty("port", "0");
            }
            try (Writer out = Files.newBufferedWriter(folder.resolve(file.getFileName()), StandardCharsets.UTF_8)) {
                settings.store(out, null);
            }
        }
    }
}
