"""The networks that read page images, as published; ``NOTICE.md`` says whence they come and under which licence."""
