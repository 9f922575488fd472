package org.mailrack.api.mail;

/** A text is no mail address; the message says why, without quoting the text. */
public class AddressException extends IllegalArgumentException {

    private static final long serialVersionUID = 1L;

    public AddressException(String message) {
        super(message);
    }
}
