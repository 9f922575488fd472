/** Receives mail by SMTP and LMTP. */
package org.mailrack.smtp.internal;
