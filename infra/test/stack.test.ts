/** All tests of the stack in one file, so that its two stages are made once: CDK takes four seconds for that, most of them for its rules. */
import './stack/security.ts';
import './stack/template.ts';
