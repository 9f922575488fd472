/** What a reader waits for: opening a mailbox, and downloading it. */
package org.mailrack.benchmarks.read;
