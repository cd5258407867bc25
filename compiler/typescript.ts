/** The one door to the `typescript` package: its parser, binder and checker. Nothing else imports it. */
import ts from "typescript";

export default ts;
