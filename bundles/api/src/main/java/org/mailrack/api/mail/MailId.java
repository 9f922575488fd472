package org.mailrack.api.mail;

import java.util.regex.Pattern;

/**
 * The name of one accepted mail, unique in a rack and over restarts; it stands in the log and in {@code queue list}. Made by
 * {@link org.mailrack.api.spool.Spool#newId()}; sorts by time of making.
 *
 * @param value 1 to 32 letters and digits
 */
public record MailId(String value) implements Comparable<MailId> {

    private static final Pattern FORM = Pattern.compile("[0-9A-Za-z]{1,32}");

    public MailId {
        if (!FORM.matcher(value).matches()) {
            throw new IllegalArgumentException("not a mail id");
        }
    }

    @Override
    public int compareTo(MailId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
