package org.mailrack.itests.crash;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

import org.mailrack.itests.rack.Rack;

/** Clients of SMTP and IMAP that work on a rack at once, until they are told to stop or it is gone. */
final class Load {

    static final String DOMAIN = "hamburger.edu";
    static final String PASSWORD = "pickles";
    /** An alias that stands for all accounts. */
    static final String TEAM = "team@" + DOMAIN;

    private static final int SENDERS = 5;
    /** Clients of IMAP for each account. */
    private static final int OWNERS = 2;

    private final Rack rack;
    private final List<String> accounts;
    private final Expectations expectations;
    private final Answers answers = new Answers();
    private final String name;
    private final AtomicInteger mails = new AtomicInteger();
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean over;
    private volatile boolean cut;
    private volatile boolean breaking;
    private volatile boolean swapping;
    private final Pauses pauses = new Pauses();

    /** @param name that no other load of this instance has, for the names of its mails */
    Load(Rack rack, List<String> accounts, Expectations expectations, String name) {
        this.rack = rack;
        this.accounts = accounts;
        this.expectations = expectations;
        this.name = name;
    }

    Load start(Random seeds) {
        return start(seeds, List.of());
    }

    Load start(Random seeds, List<Function<Load, LoadClient>> more) {
        List<LoadClient> clients = new ArrayList<>();
        clients.add(new AngusSender(this, new Random(seeds.nextLong())));
        for (int i = 0; i < SENDERS; i++) {
            clients.add(new SmtpSender(this, new Random(seeds.nextLong())));
        }
        for (String account : accounts) {
            for (int i = 0; i < OWNERS; i++) {
                clients.add(new ImapOwner(this, new Random(seeds.nextLong()), account, i, OWNERS));
            }
        }
        more.forEach(made -> clients.add(made.apply(this)));
        for (LoadClient client : clients) {
            pauses.progress(client);
            Thread thread = new Thread(client, client.getClass().getSimpleName());
            threads.add(thread);
            thread.start();
        }
        return this;
    }

    int port(int standard) {
        return rack.port(standard);
    }

    List<String> accounts() {
        return accounts;
    }

    Expectations expectations() {
        return expectations;
    }

    Answers answers() {
        return answers;
    }

    /** A new mail, mostly small, at times so large that the store has a file for it. */
    LoadMail mail(Random random) {
        int kind = random.nextInt(20);
        int size = kind < 12
                ? random.nextInt(4_000)
                : kind < 17 ? random.nextInt(40_000) : kind < 19 ? random.nextInt(150_000) : random.nextInt(700_000);
        return new LoadMail(name + '-' + mails.incrementAndGet(), size);
    }

    boolean over() {
        return over;
    }

    /** Whether lost connections are no surprise. */
    boolean isCut() {
        return cut;
    }

    /** The server is about to be killed. */
    void cut() {
        cut = true;
        over = true;
    }

    /**
     * The disk is about to take no writes any more until the server ends. Of what was under way at that moment nobody can say what
     * the disk has of it, whatever the client is told.
     */
    void breaking() {
        breaking = true;
    }

    boolean isBreaking() {
        return breaking;
    }

    /** Parts of the server are about to be replaced: it may take leave of a client, which then comes again. */
    void swapping() {
        swapping = true;
    }

    boolean isSwapping() {
        return swapping;
    }

    Pauses pauses() {
        return pauses;
    }

    /** Has the clients end what they are at. */
    void stop() {
        over = true;
    }

    void join() throws InterruptedException {
        for (Thread thread : threads) {
            TimeUnit.SECONDS.timedJoin(thread, 60);
            if (thread.isAlive()) {
                throw new AssertionError(thread.getName() + " does not end, in " + List.of(thread.getStackTrace()));
            }
        }
    }
}
