/**
 * The command {@code store}, and what keeps the stores in order without being told: space of removed messages is given back from time to
 * time, with a bounded rate, while mail flows.
 *
 * <p>Guards against: a store so large that its references do not fit in memory (it goes part by part), findings without end (so
 * many are named, the rest is counted), contents of another database, and a bundle that keeps references and is just not there.
 */
package org.mailrack.storekeeper.internal;
