"""How long exports of many participants take, beside a bare COPY of the same columns."""
