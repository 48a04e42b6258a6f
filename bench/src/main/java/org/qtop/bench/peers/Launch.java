package org.qtop.bench.peers;

import picocli.CommandLine;

/** How the commands of this room are run. Stateless. */
final class Launch {

    private Launch() {
    }

    /**
     * Runs a command.
     *
     * @param command what carries picocli's annotations; made here
     * @param arguments its command line
     * @return its exit code, or 2 if an argument means nothing to it: then standard error says which
     */
    static int run(Class<?> command, String... arguments) {
        return new CommandLine(command).setExecutionExceptionHandler((fault, line, parsed) -> {
            if (fault instanceof IllegalArgumentException) {
                line.getErr().println("bench: " + fault.getMessage());
                return CommandLine.ExitCode.USAGE;
            }
            throw fault;
        }).execute(arguments);
    }
}
