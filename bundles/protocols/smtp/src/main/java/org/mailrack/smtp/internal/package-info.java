/**
 * Takes mail in by SMTP, submission and LMTP.
 *
 * <p>{@link org.mailrack.smtp.internal.LineDecoder} and {@link org.mailrack.smtp.internal.DataDecoder} are the codec,
 * {@link org.mailrack.smtp.internal.Dialog} and the commands the state machine,
 * {@link org.mailrack.smtp.internal.SmtpSession} ties them to a connection, and
 * {@link org.mailrack.smtp.internal.Acceptance} is the way from the end of the data to the answer.
 *
 * <p>Standards: RFC 5321 (SMTP), RFC 6409 (submission), RFC 2033 (LMTP), RFC 1870 (SIZE), RFC 2034 and RFC 3463 (enhanced
 * status codes), RFC 2920 (PIPELINING), RFC 3207 (STARTTLS), RFC 3848 (the with clause), RFC 4954 (AUTH), RFC 6152 (8BITMIME),
 * RFC 6531 (SMTPUTF8).
 *
 * <p>Guards against: relaying for strangers; SMTP smuggling (only CRLF ends lines and data); commands sent in plain text before
 * TLS; mail loops; address guessing; clients that are no mail clients; endless lines, headers, messages and sessions.
 *
 * <p>Limits: all in {@link org.mailrack.smtp.internal.SmtpConfig}.
 */
package org.mailrack.smtp.internal;
