/** One live view per open mailbox, shared by every session that reads it, and the events it publishes. */
package org.mailrack.mailbox.internal;
