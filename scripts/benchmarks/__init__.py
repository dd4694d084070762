"""How fast, how large: Seedbed measured on made-up vaults, beside MkDocs with Material on the same files.

Nothing here belongs to the product: it runs the commands as their users do, from outside, but for the profile.
"""
