package org.mailrack.libs.derby;

/**
 * Initializes a class of the engine that keeps an exception for ever. An exception keeps the classes on the stack where it was made,
 * so whichever bundle opened the first connection could never be unloaded; here it is made on a stack of this bundle alone.
 */
public final class EngineClasses {

    private static final String KEEPS_EXCEPTION = "org.apache.derby.impl.jdbc.EmbedConnection";

    private EngineClasses() {}

    /** Call this before the first connection. */
    public static void initialize() throws InterruptedException {
        Thread thread = new Thread(EngineClasses::load, "derby-classes");
        thread.setContextClassLoader(EngineClasses.class.getClassLoader());
        thread.start();
        thread.join();
    }

    private static void load() {
        try {
            Class.forName(KEEPS_EXCEPTION);
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException("the wrapped engine is not the one this bundle was made for", e);
        }
    }
}
