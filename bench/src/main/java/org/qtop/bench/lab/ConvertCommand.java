package org.qtop.bench.lab;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import org.qtop.bench.trace.Pcap;
import org.qtop.bench.trace.Trace;
import org.qtop.bench.trace.TraceFile;

/** Makes a trace file of a packet capture, for {@code scripts/lab --convert}. Stateless. */
public final class ConvertCommand {

    private static final int USAGE = 2;

    private ConvertCommand() {
    }

    /**
     * Converts and ends the process: 0 if all is well, 1 if a file cannot be read or written, 2 for a wrong command
     * line.
     *
     * @param args the capture, the client's address, and the file to write
     */
    public static void main(String[] args) {
        System.exit(run(args));
    }

    static int run(String... args) {
        if (args.length != 3 || !args[1].matches("[0-9.]+|[0-9a-fA-F:.]*:[0-9a-fA-F:.]*")) {
            System.err.println("lab: give a capture, the client's IP address, and the file to write");
            return USAGE;
        }
        try {
            Trace trace = Pcap.read(Path.of(args[0]), InetAddress.getByName(args[1]));
            TraceFile.write(Path.of(args[2]), trace);
            System.out.println(trace + " written to " + args[2]);
            return 0;
        } catch (UnknownHostException wrong) {
            System.err.println("lab: " + args[1] + " is no IP address");
            return USAGE;
        } catch (IOException fault) {
            System.err.println("lab: " + fault.getMessage());
            return 1;
        }
    }
}
