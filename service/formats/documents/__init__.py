"""Documents as files: one content, written as PDF, DOCX, XLSX or CSV."""
