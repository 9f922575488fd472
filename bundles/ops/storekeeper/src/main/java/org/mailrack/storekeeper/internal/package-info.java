/**
 * The command {@code store verify}: compares what mailboxes and queue refer to with the contents that are there, while mail flows.
 *
 * <p>Guards against: a store so large that its references do not fit in memory (it goes part by part), findings without end (so
 * many are named, the rest is counted). It changes nothing.
 */
package org.mailrack.storekeeper.internal;
