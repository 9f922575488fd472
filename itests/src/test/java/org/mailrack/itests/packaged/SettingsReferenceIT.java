package org.mailrack.itests.packaged;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Stream;

import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilderFactory;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

import org.mailrack.itests.rack.Installation;
import org.mailrack.itests.rack.Rack;

/**
 * The table of all settings in {@code docs/settings.md} says what the packaged bundles say of themselves (their metatype), and what
 * {@code init} writes for the launcher. After a change of settings write it anew, in the root of the checkout:
 *
 * <pre>mvn verify -pl itests -am -Dit.test=SettingsReferenceIT -Dfailsafe.failIfNoSpecifiedTests=false -Dmailrack.settings.write=true</pre>
 */
class SettingsReferenceIT {

    private static final Path PACKAGED = Path.of(System.getProperty("mailrack.packaged"));
    private static final Path DOCUMENT = Path.of(System.getProperty("mailrack.examples"))
            .resolveSibling("docs")
            .resolve("settings.md");
    private static final String LAUNCHER = "mailrack";

    private static final String HEAD = """
            # Settings

            Every setting of a rack, by the file in `etc/` that holds it. A file that is not there means all defaults; so does a line
            that is not there. [operating.md](operating.md) says how and when a change applies. Lists are written with commas.

            This page is checked against the bundles by `SettingsReferenceIT`, which also writes it anew:
            `mvn verify -pl itests -am -Dit.test=SettingsReferenceIT -Dfailsafe.failIfNoSpecifiedTests=false -Dmailrack.settings.write=true`
            """;

    /** One line of a table; all as text of the document. */
    private record Row(String normally, String meaning) {}

    /** The settings that belong in one file. */
    private record Section(String about, Map<String, Row> rows) {}

    @TempDir
    Path temp;

    @Test
    void theReferenceNamesEverySettingWithItsDefaultAndNoOther() throws Exception {
        Map<String, Section> actual = actual();
        assertThat(actual).as("files with settings").containsKeys(LAUNCHER, "org.mailrack.smtp", "org.mailrack.relay");
        if (Boolean.getBoolean("mailrack.settings.write")) {
            Files.writeString(DOCUMENT, text(actual));
        }
        Map<String, Map<String, Row>> documented = documented(Files.readString(DOCUMENT));
        List<String> problems = new ArrayList<>();
        actual.forEach((pid, section) -> {
            Map<String, Row> rows = documented.getOrDefault(pid, Map.of());
            section.rows().forEach((name, row) -> {
                Row told = rows.get(name);
                if (told == null) {
                    problems.add(pid + ": " + name + " is missing");
                } else if (!told.equals(row)) {
                    problems.add(pid + ": " + name + " is told as " + told + " and is " + row);
                }
            });
        });
        documented.forEach((pid, rows) -> rows.keySet().stream()
                .filter(name ->
                        !actual.containsKey(pid) || !actual.get(pid).rows().containsKey(name))
                .forEach(name -> problems.add(pid + ": there is no setting " + name)));
        assertThat(problems)
                .as("docs/settings.md is not what the bundles say; write it anew with -Dmailrack.settings.write=true")
                .isEmpty();
    }

    private Map<String, Section> actual() throws Exception {
        Map<String, Section> sections = new TreeMap<>();
        sections.put(LAUNCHER, launcher());
        try (Stream<Path> files = Files.walk(PACKAGED.resolve("features"))) {
            for (Path jar : files.filter(f -> f.getFileName().toString().matches("org\\.mailrack\\..*\\.jar"))
                    .toList()) {
                metatypes(jar, sections);
            }
        }
        return sections;
    }

    /** The launcher's own file explains itself. */
    private Section launcher() throws Exception {
        Installation installation = Installation.copyTo(temp.resolve("home"));
        Rack rack = Rack.init(installation, temp.resolve("base"));
        Map<String, Row> rows = new LinkedHashMap<>();
        List<String> comment = new ArrayList<>();
        boolean head = true;
        String about = "";
        for (String line : Files.readAllLines(rack.etc("mailrack.cfg"))) {
            if (line.startsWith("#")) {
                comment.add(line.substring(1).strip());
            } else if (line.isBlank() && head) {
                about = String.join(" ", comment);
                comment.clear();
                head = false;
            } else if (line.contains("=")) {
                String value = line.substring(line.indexOf('=') + 1).strip();
                rows.put(line.substring(0, line.indexOf('=')).strip(), row(value, String.join(" ", comment)));
                comment.clear();
            }
        }
        return new Section(about, rows);
    }

    private static void metatypes(Path jar, Map<String, Section> sections) throws Exception {
        try (JarFile file = new JarFile(jar.toFile())) {
            for (JarEntry entry : file.stream()
                    .filter(e -> e.getName().matches("OSGI-INF/metatype/[^/]+\\.xml"))
                    .toList()) {
                try (InputStream in = file.getInputStream(entry)) {
                    metatype(in, sections);
                }
            }
        }
    }

    private static void metatype(InputStream in, Map<String, Section> sections) throws Exception {
        DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
        factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
        Document document = factory.newDocumentBuilder().parse(in);
        Map<String, Element> definitions = new LinkedHashMap<>();
        elements(document.getDocumentElement(), "OCD").forEach(ocd -> definitions.put(ocd.getAttribute("id"), ocd));
        for (Element designate : elements(document.getDocumentElement(), "Designate")) {
            Element ocd = definitions.get(elements(designate, "Object").get(0).getAttribute("ocdref"));
            boolean many = designate.hasAttribute("factoryPid");
            String pid = many ? designate.getAttribute("factoryPid") + "-NAME" : designate.getAttribute("pid");
            Map<String, Row> rows = new LinkedHashMap<>();
            elements(ocd, "AD").forEach(ad -> rows.put(ad.getAttribute("id"), row(ad)));
            String about = sentence(ocd.getAttribute("description"));
            sections.put(pid, new Section(many ? about + " One file for each." : about, rows));
        }
    }

    private static Row row(Element ad) {
        StringBuilder meaning = new StringBuilder();
        String name = ad.getAttribute("name");
        if (!name.replace(' ', '.').equalsIgnoreCase(ad.getAttribute("id"))) {
            meaning.append(sentence(name));
        }
        add(meaning, sentence(ad.getAttribute("description")));
        List<Element> options = elements(ad, "Option");
        if (!options.isEmpty()) {
            List<String> words = options.stream()
                    .map(option -> "`" + option.getAttribute("value") + "` (" + option.getAttribute("label") + ")")
                    .toList();
            add(meaning, "One of " + String.join(", ", words) + ".");
        }
        if (ad.hasAttribute("min")) {
            add(meaning, "At least " + ad.getAttribute("min") + ".");
        }
        if (ad.hasAttribute("max")) {
            add(meaning, "At most " + ad.getAttribute("max") + ".");
        }
        if (!ad.hasAttribute("default")) {
            return new Row("must be set", meaning.toString());
        }
        // A backslash keeps the reader of the file from taking the character after it for its own.
        return row(ad.getAttribute("default").replaceAll("\\\\(.)", "$1"), meaning.toString());
    }

    private static Row row(String normally, String meaning) {
        return new Row(normally.isEmpty() ? "empty" : "`" + normally + "`", meaning.replace("|", "\\|"));
    }

    private static void add(StringBuilder text, String sentence) {
        if (!sentence.isEmpty()) {
            text.append(text.isEmpty() ? "" : " ").append(sentence);
        }
    }

    private static String sentence(String text) {
        String flat = text.strip().replaceAll("\\s+", " ");
        return flat.isEmpty() || flat.endsWith(".") ? flat : flat + ".";
    }

    private static List<Element> elements(Element parent, String name) {
        List<Element> found = new ArrayList<>();
        NodeList nodes = parent.getElementsByTagName(name);
        for (int i = 0; i < nodes.getLength(); i++) {
            found.add((Element) nodes.item(i));
        }
        return found;
    }

    private static String text(Map<String, Section> sections) {
        StringBuilder text = new StringBuilder(HEAD);
        sections.forEach((pid, section) -> {
            text.append("\n## `etc/").append(pid).append(".cfg`\n\n").append(section.about());
            text.append("\n\n| Setting | Default | Meaning |\n| --- | --- | --- |\n");
            section.rows().forEach((name, row) -> text.append("| `" + name + "` | ")
                    .append(row.normally())
                    .append(" | ")
                    .append(row.meaning())
                    .append(" |\n"));
        });
        return text.toString();
    }

    private static Map<String, Map<String, Row>> documented(String text) throws IOException {
        Map<String, Map<String, Row>> sections = new TreeMap<>();
        Map<String, Row> rows = Map.of();
        for (String line : text.split("\n")) {
            if (line.startsWith("## ")) {
                assertThat(line).matches("## `etc/[A-Za-z0-9.-]+\\.cfg`");
                rows = new LinkedHashMap<>();
                sections.put(line.replaceAll("^## `etc/|\\.cfg`$", ""), rows);
            } else if (line.startsWith("| `")) {
                String[] cells = line.split("(?<!\\\\)\\|", -1);
                assertThat(cells).as(line).hasSize(5);
                rows.put(cells[1].strip().replace("`", ""), new Row(cells[2].strip(), cells[3].strip()));
            }
        }
        return sections;
    }
}
