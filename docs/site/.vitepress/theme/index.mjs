import DefaultTheme from "vitepress/theme";
import "./style.css";

// The builder of the site takes its theme from a default export.
export default DefaultTheme;
