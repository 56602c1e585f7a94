import './invitations/invitation-page.js';
import './invitations/provider-invitations.js';
import './sign-in/account-page.js';
import './sign-in/sign-in-again.js';
import './sign-in/sign-in-page.js';
import './temporary/temporary-accounts-page.js';
