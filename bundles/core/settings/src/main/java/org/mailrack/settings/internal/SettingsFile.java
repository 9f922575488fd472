package org.mailrack.settings.internal;

import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A settings file: {@code PID.cfg}, or {@code PID-NAME.cfg} and {@code PID~NAME.cfg} for one of several of a kind.
 *
 * @param pid the configuration's PID, or of several of a kind their common one
 * @param name the name among several of a kind
 */
record SettingsFile(String pid, Optional<String> name) {

    private static final int MAX_SIZE = 1 << 20;
    private static final Pattern VARIABLE = Pattern.compile("\\$\\{([^{}$]+)}");

    /** Reads the file's name; the first {@code ~}, or else the first {@code -}, ends the PID. */
    static SettingsFile named(String fileName) {
        String whole = fileName.substring(0, fileName.length() - ".cfg".length());
        int end = whole.indexOf('~') >= 0 ? whole.indexOf('~') : whole.indexOf('-');
        return end < 0
                ? new SettingsFile(whole, Optional.empty())
                : new SettingsFile(whole.substring(0, end), Optional.of(whole.substring(end + 1)));
    }

    /**
     * Reads the settings, with <code>${…}</code> replaced by the property of that name if there is one.
     *
     * @throws IOException with a reason for the operator when the file cannot be read as settings
     */
    static Map<String, String> read(Path file, UnaryOperator<String> property) throws IOException {
        if (Files.size(file) > MAX_SIZE) {
            throw new IOException("it is larger than " + MAX_SIZE + " octets");
        }
        Properties properties = new Properties();
        try (Reader reader = new InputStreamReader(
                Files.newInputStream(file),
                StandardCharsets.UTF_8
                        .newDecoder()
                        .onMalformedInput(CodingErrorAction.REPORT)
                        .onUnmappableCharacter(CodingErrorAction.REPORT))) {
            properties.load(reader);
        } catch (CharacterCodingException e) {
            throw new IOException("it is not UTF-8", e);
        } catch (IllegalArgumentException e) {
            throw new IOException("it has a broken \\u escape", e);
        }
        Map<String, String> settings = new TreeMap<>();
        for (String key : properties.stringPropertyNames()) {
            settings.put(key, replaceVariables(properties.getProperty(key).strip(), property));
        }
        return settings;
    }

    private static String replaceVariables(String value, UnaryOperator<String> property) {
        return VARIABLE.matcher(value).replaceAll(found -> {
            String replacement = property.apply(found.group(1));
            return Matcher.quoteReplacement(replacement == null ? found.group() : replacement);
        });
    }
}
