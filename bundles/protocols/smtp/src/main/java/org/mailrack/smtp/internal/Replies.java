package org.mailrack.smtp.internal;

/** Every reply whose text never changes, made once. The codes are those of RFC 5321 section 4.2.3 and RFC 3463. */
final class Replies {

    static final Reply OK = Reply.of(250, "2.0.0", "OK");
    static final Reply SENDER_OK = Reply.of(250, "2.1.0", "Sender OK");
    static final Reply RECIPIENT_OK = Reply.of(250, "2.1.5", "Recipient OK");
    static final Reply GO_AHEAD = Reply.plain(354, "End data with <CRLF>.<CRLF>");
    static final Reply START_TLS = Reply.of(220, "2.0.0", "Ready to start TLS");
    static final Reply AUTHENTICATED = Reply.of(235, "2.7.0", "Authentication succeeded");
    static final Reply CANNOT_VERIFY =
            Reply.of(252, "2.5.0", "Cannot verify, but will accept the message and try to deliver it");

    static final Reply UNKNOWN_COMMAND = Reply.of(500, "5.5.1", "Command not recognised");
    static final Reply NOT_IMPLEMENTED = Reply.of(502, "5.5.1", "Command not implemented");
    static final Reply LINE_TOO_LONG = Reply.of(500, "5.5.2", "Line too long");
    static final Reply BARE_LF = Reply.of(500, "5.5.2", "Line does not end with CRLF");
    static final Reply MALFORMED_LINE = Reply.of(500, "5.5.2", "Line has a character that no command has");
    static final Reply NO_ARGUMENT = Reply.of(501, "5.5.4", "The command takes no argument");
    static final Reply ARGUMENT_MISSING = Reply.of(501, "5.5.4", "An argument is missing");
    static final Reply BAD_HELO = Reply.plain(501, "Expected a domain name or an address literal");
    static final Reply MAIL_SYNTAX = Reply.of(501, "5.5.4", "Syntax: MAIL FROM:<address>");
    static final Reply RCPT_SYNTAX = Reply.of(501, "5.5.4", "Syntax: RCPT TO:<address>");
    static final Reply BAD_PARAMETER = Reply.of(501, "5.5.4", "Parameter cannot be understood");
    static final Reply UNKNOWN_PARAMETER = Reply.of(555, "5.5.4", "Parameter not recognised");

    static final Reply HELO_FIRST = Reply.of(503, "5.5.1", "Say hello first");
    static final Reply MAIL_FIRST = Reply.of(503, "5.5.1", "Send MAIL first");
    static final Reply RCPT_FIRST = Reply.of(503, "5.5.1", "Send RCPT first");
    static final Reply NESTED_MAIL = Reply.of(503, "5.5.1", "Sender already given");
    static final Reply NO_VALID_RECIPIENTS = Reply.of(554, "5.5.1", "No valid recipients");
    static final Reply REFUSED_BEFORE = Reply.of(503, "5.5.1", "Refused before, only QUIT is left");

    static final Reply TLS_ALREADY = Reply.of(503, "5.5.1", "TLS is already active");
    static final Reply AUTH_ALREADY = Reply.of(503, "5.5.1", "Already authenticated");
    static final Reply AUTH_IN_TRANSACTION = Reply.of(503, "5.5.1", "Not during a mail transaction");
    static final Reply AUTH_REQUIRED = Reply.of(530, "5.7.0", "Authentication required");
    static final Reply TLS_REQUIRED = Reply.of(530, "5.7.0", "Must issue a STARTTLS command first");
    static final Reply PRIVACY_REQUIRED = Reply.of(538, "5.7.11", "Encryption required for this mechanism");
    static final Reply AUTH_FAILED = Reply.of(535, "5.7.8", "Authentication credentials invalid");
    static final Reply AUTH_CANCELLED = Reply.of(501, "5.7.0", "Authentication cancelled");
    static final Reply AUTH_MALFORMED = Reply.of(501, "5.5.2", "Cannot decode the response");
    static final Reply AUTH_TOO_LONG = Reply.of(500, "5.5.6", "Authentication exchange line is too long");
    static final Reply AUTH_UNSUPPORTED = Reply.of(504, "5.5.4", "Mechanism not supported");
    static final Reply AUTH_TEMPORARY = Reply.of(454, "4.7.0", "Temporary authentication failure");

    static final Reply BAD_SENDER = Reply.of(553, "5.1.7", "Sender address cannot be understood");
    static final Reply BAD_RECIPIENT = Reply.of(553, "5.1.3", "Recipient address cannot be understood");
    static final Reply SENDER_NEEDS_UTF8 = Reply.of(550, "5.6.7", "Non-ASCII sender without SMTPUTF8");
    static final Reply RECIPIENT_NEEDS_UTF8 = Reply.of(553, "5.6.7", "Non-ASCII recipient without SMTPUTF8");
    static final Reply SENDER_NOT_YOURS =
            Reply.of(553, "5.7.1", "Sender address does not belong to the authenticated account");
    static final Reply UNKNOWN_USER = Reply.of(550, "5.1.1", "No such user here");
    static final Reply RELAY_DENIED = Reply.of(550, "5.7.1", "Relaying denied");
    static final Reply TOO_MANY_RECIPIENTS = Reply.of(452, "4.5.3", "Too many recipients");

    static final Reply TOO_BIG = Reply.of(552, "5.3.4", "Message too big");
    static final Reply HEADER_TOO_BIG = Reply.of(552, "5.3.4", "Header of the message too big");
    static final Reply NO_SPACE = Reply.of(452, "4.3.1", "Insufficient system storage, try again later");
    static final Reply TEMPORARY = Reply.of(451, "4.3.0", "Temporary failure, try again later");
    static final Reply BUSY = Reply.of(451, "4.3.2", "Too busy, try again later");
    static final Reply BARE_NEWLINE = Reply.of(554, "5.6.0", "Message has a line end that is not CRLF");
    static final Reply NUL = Reply.of(554, "5.6.0", "Message has a NUL octet");
    static final Reply TEXT_LINE_TOO_LONG = Reply.of(554, "5.6.0", "Message has a line that is too long");
    static final Reply LOOP = Reply.of(554, "5.4.6", "Too many Received fields, mail is looping");

    static final Reply TOO_MANY_ERRORS = Reply.of(421, "4.7.0", "Too many errors, closing");
    static final Reply TOO_MANY_AUTH_FAILURES = Reply.of(421, "4.7.0", "Too many authentication failures, closing");
    static final Reply SESSION_TOO_LONG = Reply.of(421, "4.7.0", "Session limit reached, connect again");
    static final Reply NOT_SMTP = Reply.of(421, "4.7.0", "This is no SMTP, closing");
    static final Reply IDLE = Reply.of(421, "4.4.2", "Idle for too long, closing");
    static final Reply GOODBYE = Reply.of(421, "4.3.2", "Service is going down, try again later");
    static final Reply FAILURE = Reply.of(421, "4.3.0", "Internal failure, closing");
    static final Reply BYE = Reply.of(221, "2.0.0", "Goodbye");

    private Replies() {}
}
