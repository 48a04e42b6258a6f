package org.qtop.proxy.control;

import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What Tor says of itself before the login. Immutable.
 *
 * <p>Source: Tor control-spec, "PROTOCOLINFO".
 *
 * @param methods the ways of logging in that Tor offers and we know
 * @param unknownMethods the names of those we do not know
 * @param cookieFile where Tor says its cookie is
 * @param version Tor's version, possibly empty
 */
record ProtocolInfo(Set<LoginMethod> methods, List<String> unknownMethods, Optional<Path> cookieFile, String version) {

    /**
     * Reads the reply; lines and fields that it does not know are passed over.
     *
     * @param reply a successful reply to {@code PROTOCOLINFO 1}
     * @return what it says
     */
    static ProtocolInfo parse(ControlReply reply) {
        Set<LoginMethod> methods = EnumSet.noneOf(LoginMethod.class);
        List<String> unknown = new ArrayList<>();
        Optional<Path> cookie = Optional.empty();
        String version = "";
        for (String line : reply.lines()) {
            EventFields fields = new EventFields(line);
            String keyword = fields.word();
            while (fields.next()) {
                if ("AUTH".equals(keyword) && fields.is("METHODS")) {
                    addMethods(fields.get(), methods, unknown);
                } else if ("AUTH".equals(keyword) && fields.is("COOKIEFILE")) {
                    cookie = path(fields.get());
                } else if ("VERSION".equals(keyword) && fields.is("Tor")) {
                    version = fields.get();
                }
            }
        }
        return new ProtocolInfo(methods, unknown, cookie, version);
    }

    private static void addMethods(String names, Set<LoginMethod> methods, List<String> unknown) {
        for (String name : names.split(",")) {
            Optional<LoginMethod> method = LoginMethod.named(name);
            if (method.isPresent()) {
                methods.add(method.get());
            } else if (!name.isEmpty()) {
                unknown.add(name);
            }
        }
    }

    /** Tor escapes the bytes of the path one by one. */
    private static Optional<Path> path(String bytes) {
        try {
            String name = new String(bytes.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
            return Optional.of(Path.of(name));
        } catch (InvalidPathException e) {
            return Optional.empty();
        }
    }
}
