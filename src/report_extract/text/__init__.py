"""Text as printed and as compared: normal forms, figures and dates, look-alike letters, known names."""
