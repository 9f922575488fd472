package org.mailrack.launcher;

/** The launcher's own commands, for the terminal. */
final class Usage {

    static final String TEXT = """
            usage: mailrack [--base DIR] [--json] COMMAND ...

              init [--hostname H] [--domain D]... [--port-offset N] [--bind ADDR]
                   [--resolver HOST:PORT] [--relay-port N]
                            make an instance folder: etc, data, deploy, log; takes some
                            seconds, which the first start then does not
              run           run the server here; Ctrl-C stops it
              run --demo    the same, with two accounts to try things with
              start         run the server in the background; returns when it accepts connections
              stop          stop it
              restart       stop, then start
              status        exit code 0: runs, 1: died, 3: does not run, 4: cannot be told
              restore DIR   make this instance, which must not run, what a backup has
              restore --check DIR
                            only look whether the backup is whole
              version       print the version
              help          this

            --base DIR: the instance folder, normally the installation's own.
            --json: rows as a JSON array.
            """;

    private Usage() {}
}
