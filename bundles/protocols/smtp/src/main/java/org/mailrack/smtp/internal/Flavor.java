package org.mailrack.smtp.internal;

/** The three protocols that share this bundle's commands. */
enum Flavor {
    /** Mail from other servers for local domains (RFC 5321). */
    SMTP("smtp", "ESMTP"),
    /** Mail from our own users to anyone (RFC 6409). */
    SUBMISSION("submission", "ESMTP"),
    /** Mail for local recipients, with an answer for each (RFC 2033). */
    LMTP("lmtp", "LMTP");

    private final String protocol;
    private final String greeting;

    Flavor(String protocol, String greeting) {
        this.protocol = protocol;
        this.greeting = greeting;
    }

    /** The protocol's name, as endpoints ask for it. */
    String protocol() {
        return protocol;
    }

    /** What the greeting calls it. */
    String greeting() {
        return greeting;
    }
}
