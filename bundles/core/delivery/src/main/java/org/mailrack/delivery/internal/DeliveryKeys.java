package org.mailrack.delivery.internal;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

import org.mailrack.api.mail.MailAddress;
import org.mailrack.api.mail.MailId;

/**
 * Names a delivery. Not by the recipient's number: after a crash an alias may expand to others, and the key of one must never
 * become that of another.
 */
final class DeliveryKeys {

    private DeliveryKeys() {}

    static String key(MailId mail, MailAddress recipient) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256")
                    .digest(recipient.toString().getBytes(StandardCharsets.UTF_8));
            return mail + "." + new BigInteger(1, Arrays.copyOf(hash, 16)).toString(36);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
