package org.qtop.bench.micro;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Tells the reader of a benchmark's figures what they mean; {@link Report} prints it beside them. */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface Meaning {

    /**
     * Tells what one operation is, and what to read from the figures.
     *
     * @return one or two sentences
     */
    String value();

    /**
     * Names the method that the others of its class are compared with.
     *
     * @return a method's name, or an empty string if the figures stand alone
     */
    String baseline() default "";
}
