package org.mailrack.launcher;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Makes an instance folder. What is there already is never overwritten. */
final class InstanceWriter {

    static final String HEAP = "128m";

    private final Instance instance;
    private final InitOptions options;

    InstanceWriter(Instance instance, InitOptions options) {
        this.instance = instance;
        this.options = options;
    }

    /** Whether anything was changed; false when all is as asked for already. */
    boolean write() {
        try {
            Map<Path, String> wanted = files();
            List<Path> different = new ArrayList<>();
            List<Path> missing = new ArrayList<>();
            for (Map.Entry<Path, String> file : wanted.entrySet()) {
                if (!Files.exists(file.getKey(), LinkOption.NOFOLLOW_LINKS)) {
                    missing.add(file.getKey());
                } else if (!Files.readString(file.getKey()).equals(file.getValue())) {
                    different.add(file.getKey());
                }
            }
            boolean first = !instance.initialized();
            if (!different.isEmpty() || !first && !missing.isEmpty()) {
                throw LauncherException.failed(already(different, missing));
            }
            folders();
            if (missing.isEmpty()) {
                return false;
            }
            for (Path file : missing) {
                Files.writeString(file, wanted.get(file), StandardOpenOption.CREATE_NEW);
            }
            if (!options.domains().isEmpty()) {
                // The directory takes them over at its first start.
                Files.writeString(
                        instance.data().resolve("bootstrap-domains"), String.join("\n", options.domains()) + "\n");
            }
            return true;
        } catch (IOException e) {
            throw LauncherException.failed("cannot make an instance in " + instance.base() + ": " + Instance.reason(e)
                    + " (" + e.getMessage() + ")"
                    + (instance.base().equals(instance.home()) ? "; --base DIR makes it elsewhere" : ""));
        }
    }

    private String already(List<Path> different, List<Path> missing) {
        if (!different.isEmpty()) {
            return instance.base() + " is an instance already, and init overwrites nothing: "
                    + instance.base().relativize(different.get(0))
                    + (different.size() > 1 ? " and " + (different.size() - 1) + " more differ" : " differs");
        }
        return instance.base() + " is an instance already, and init changes none: it has no "
                + instance.base().relativize(missing.get(0));
    }

    private void folders() throws IOException {
        Files.createDirectories(instance.base());
        for (Path folder : List.of(instance.etc(), instance.deploy(), instance.log())) {
            Files.createDirectories(folder);
        }
        ownersFolder(instance.data());
        ownersFolder(instance.log());
    }

    /** Makes a folder that nobody else can look into. */
    static void ownersFolder(Path folder) throws IOException {
        Files.createDirectories(folder);
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
    }

    /** LMTP takes mail from whoever connects, without asking who it is (RFC 2033): only from this machine unless changed. */
    private String address(EndpointDefaults endpoint) throws IOException {
        boolean open = !InetAddress.getByName(options.bind()).isLoopbackAddress();
        return endpoint.protocol().equals("lmtp") && open ? InitOptions.LOOPBACK : options.bind();
    }

    private Map<Path, String> files() throws IOException {
        Map<Path, String> files = new LinkedHashMap<>();
        for (EndpointDefaults endpoint : EndpointDefaults.ALL) {
            files.put(
                    instance.etc().resolve(Instance.ENDPOINT_PREFIX + endpoint.name() + ".cfg"),
                    template(
                            "endpoint.cfg",
                            Map.of(
                                    "ABOUT", endpoint.about(),
                                    "NAME", endpoint.name(),
                                    "PROTOCOL", endpoint.protocol(),
                                    "ADDRESS", address(endpoint),
                                    "STANDARD", Integer.toString(endpoint.port()),
                                    "PORT", Integer.toString(endpoint.port() + options.portOffset()),
                                    "TLS", endpoint.tls())));
        }
        files.put(
                instance.etc().resolve("org.mailrack.directory.cfg"),
                template(
                        "directory.cfg",
                        Map.of(
                                "HOSTNAME", options.hostname().orElseGet(MachineName::find),
                                "PLAINTEXT", Boolean.toString(options.plaintextOnLoopback()))));
        files.put(
                instance.etc().resolve("org.mailrack.relay.cfg"),
                template(
                        "relay.cfg",
                        Map.of(
                                "RESOLVER", options.resolver().orElse(""),
                                "PORT", Integer.toString(options.relayPort()))));
        files.put(instance.etc().resolve("logback.xml"), template("logback.xml", Map.of()));
        // The last, because it marks the instance as complete.
        files.put(instance.etc().resolve(Instance.SETTINGS), template("mailrack.cfg", Map.of("HEAP", HEAP)));
        return files;
    }

    private static String template(String name, Map<String, String> values) throws IOException {
        try (InputStream in = InstanceWriter.class.getResourceAsStream("templates/" + name)) {
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            for (Map.Entry<String, String> value : values.entrySet()) {
                text = text.replace('@' + value.getKey() + '@', value.getValue());
            }
            return text;
        }
    }
}
