package org.mailrack.smtp.internal;

import java.time.Duration;

/** The settings, checked. Immutable; see {@link SmtpConfig} for what each means. */
record SmtpSettings(
        long maxMessageSize,
        int maxHeaderSize,
        int maxCommandLine,
        int maxAuthLine,
        int maxTextLine,
        int maxRecipients,
        int maxRejectedRecipients,
        int maxErrors,
        int maxAuthFailures,
        int maxSessionCommands,
        int maxSessionMessages,
        Duration maxSessionTime,
        Duration idleTimeout,
        int maxHops,
        boolean normaliseNewlines,
        boolean senderCheck) {

    /**
     * Checks a configuration.
     *
     * @throws IllegalArgumentException naming the setting that cannot be
     */
    static SmtpSettings of(SmtpConfig config) {
        return new SmtpSettings(
                atLeast(64 * 1024L, config.max_message_size(), "max.message.size"),
                (int) atLeast(1024, config.max_header_size(), "max.header.size"),
                (int) atLeast(512, config.max_command_line(), "max.command.line"),
                (int) atLeast(512, config.max_auth_line(), "max.auth.line"),
                (int) atLeast(1000, config.max_text_line(), "max.text.line"),
                // RFC 5321 section 4.5.3.1.8
                (int) atLeast(100, config.max_recipients(), "max.recipients"),
                (int) atLeast(1, config.max_rejected_recipients(), "max.rejected.recipients"),
                (int) atLeast(1, config.max_errors(), "max.errors"),
                (int) atLeast(1, config.max_auth_failures(), "max.auth.failures"),
                (int) atLeast(10, config.max_session_commands(), "max.session.commands"),
                (int) atLeast(1, config.max_session_messages(), "max.session.messages"),
                Duration.ofSeconds(atLeast(1, config.max_session_time(), "max.session.time")),
                Duration.ofSeconds(atLeast(1, config.idle_timeout(), "idle.timeout")),
                (int) atLeast(1, config.max_hops(), "max.hops"),
                normalise(config.bare_newlines()),
                config.sender_check());
    }

    private static long atLeast(long least, long value, String setting) {
        if (value < least) {
            throw new IllegalArgumentException("org.mailrack.smtp: " + setting + " must be at least " + least);
        }
        return value;
    }

    private static boolean normalise(String value) {
        return switch (value) {
            case "refuse" -> false;
            case "normalise" -> true;
            default ->
                throw new IllegalArgumentException("org.mailrack.smtp: bare.newlines must be refuse or normalise");
        };
    }
}
