/** Clients that block and measure, the same for every server: as little as a benchmark needs of SMTP, IMAP and POP3. */
package org.mailrack.benchmarks.client;
