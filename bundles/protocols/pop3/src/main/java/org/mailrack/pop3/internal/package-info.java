/** Serves a maildrop by POP3. */
package org.mailrack.pop3.internal;
