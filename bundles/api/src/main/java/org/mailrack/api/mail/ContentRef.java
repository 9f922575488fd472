package org.mailrack.api.mail;

import java.util.regex.Pattern;

/**
 * Where a {@code ContentStore} keeps a content; means nothing to anyone else. Stays valid as long as somebody needs the
 * content, also over restarts and compaction.
 *
 * @param value 1 to 64 letters, digits, dots or hyphens
 */
public record ContentRef(String value) {

    private static final Pattern FORM = Pattern.compile("[0-9A-Za-z.-]{1,64}");

    public ContentRef {
        if (!FORM.matcher(value).matches()) {
            throw new IllegalArgumentException("not a content reference");
        }
    }

    @Override
    public String toString() {
        return value;
    }
}
